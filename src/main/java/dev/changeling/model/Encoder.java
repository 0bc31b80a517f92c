package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Embeddings and a stack of layers: the trunk of the generator and of the discriminator. */
public final class Encoder {
    private final EmbeddingTables embeddings;
    private final @Nullable Linear projection;
    private final List<EncoderLayer> layers = new ArrayList<>();

    /**
     * Declares the trunk.
     *
     * @param prefix of its names: {@code generator.} or {@code discriminator.}
     * @param embeddings its own tables, or those that it shares
     */
    Encoder(ParameterStore store, String prefix, ModelConfig model, NetworkConfig network, EmbeddingTables embeddings) {
        this.embeddings = embeddings;
        this.projection = model.embeddingSize() == network.hiddenSize()
                ? null
                : new Linear(store, prefix + "electra.embeddings_project", model.embeddingSize(), network.hiddenSize());
        for (int i = 0; i < network.layers(); i++) {
            String name = prefix + "electra.encoder.layer." + i + ".";
            layers.add(new EncoderLayer(store, name, network, model.layerNormEpsilon()));
        }
    }

    /** Returns the last layer's hidden states, [B, S, H]. */
    public Tensor encode(PackedInput input, Dropout dropout) {
        Tensor hidden_BSH = embeddings.embed(input, dropout);
        if (projection != null) {
            hidden_BSH = projection.apply(hidden_BSH);
        }
        for (EncoderLayer layer : layers) {
            hidden_BSH = layer.apply(hidden_BSH, input.attentionBias_B1SS(), dropout);
        }
        return hidden_BSH;
    }

    /** Returns hidden states as one row a token, [B·S, H]. */
    static Tensor flat(Tensor hidden_BSH) {
        return hidden_BSH.view(-1, hidden_BSH.size(2));
    }
}
