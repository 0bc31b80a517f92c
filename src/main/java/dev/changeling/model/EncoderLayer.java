package dev.changeling.model;

import dev.changeling.config.NetworkConfig;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** One post-LayerNorm Transformer block as in BERT: attention, then a feed-forward block with erf-GELU. */
final class EncoderLayer {
    private final SelfAttention attention;
    private final LayerNorm attentionNorm;
    private final Linear intermediate;
    private final Linear output;
    private final LayerNorm outputNorm;

    /** @param name of the layer, ending in {@code layer.N.} */
    EncoderLayer(ParameterStore store, String name, NetworkConfig config, double layerNormEpsilon) {
        attention = new SelfAttention(store, name + "attention.", config);
        attentionNorm =
                new LayerNorm(store, name + "attention.output.LayerNorm", config.hiddenSize(), layerNormEpsilon);
        intermediate = new Linear(store, name + "intermediate.dense", config.hiddenSize(), config.intermediateSize());
        output = new Linear(store, name + "output.dense", config.intermediateSize(), config.hiddenSize());
        outputNorm = new LayerNorm(store, name + "output.LayerNorm", config.hiddenSize(), layerNormEpsilon);
    }

    Tensor apply(Tensor hidden_BSH, Tensor bias_B1SS, Dropout dropout) {
        Tensor gathered_BSH = dropout.ofHidden(attention.apply(hidden_BSH, bias_B1SS, dropout));
        Tensor attended_BSH = attentionNorm.apply(gathered_BSH.add(hidden_BSH));
        Tensor thought_BSH = dropout.ofHidden(output.apply(torch.gelu(intermediate.apply(attended_BSH))));
        return outputNorm.apply(thought_BSH.add(attended_BSH));
    }
}
