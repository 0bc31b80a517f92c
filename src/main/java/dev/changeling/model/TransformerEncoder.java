package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.tensor.Differentiated;
import dev.changeling.tensor.Temporaries;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Embeddings and a stack of layers: the trunk of the generator and of the discriminator. */
public final class TransformerEncoder {
    private final EmbeddingTables embeddings;
    private final @Nullable Linear projection;
    private final List<EncoderLayer> layers = new ArrayList<>();

    /**
     * Declares the trunk.
     *
     * @param prefix of its names: {@code generator.} or {@code discriminator.}
     * @param embeddings its own tables, or those that it shares
     */
    TransformerEncoder(
            ParameterStore store, String prefix, ModelConfig model, NetworkConfig network, EmbeddingTables embeddings) {
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
        return encode(input, null, dropout);
    }

    /**
     * Returns the last layer's hidden states, [B, S, H].
     *
     * @param shift what is added to the embeddings, or null
     */
    Tensor encode(PackedInput input, @Nullable EmbeddingShift shift, Dropout dropout) {
        return through(layers, embed(input, shift, dropout), input.attentionBias(), dropout);
    }

    /**
     * Returns the last layer's hidden states at some positions, [M, H]; the last layer computes no others.
     *
     * @param positions_M flat indices into B·S
     */
    Tensor encodeAt(Tensor positions_M, PackedInput input, Dropout dropout) {
        return encodeAt(positions_M, List.of(layers.size()), input, dropout).get(0);
    }

    /**
     * Returns the hidden states at some positions, [M, H], of several layers. The last layer computes no others, and no
     * gradient flows from what lies above one of these layers to what lies below.
     *
     * @param positions_M flat indices into B·S
     * @param depths for each of these layers, how many layers there are up to it; ascending, the last is all
     */
    List<Tensor> encodeAt(Tensor positions_M, List<Integer> depths, PackedInput input, Dropout dropout) {
        int last = layers.size() - 1;
        List<Tensor> hidden_MH = new ArrayList<>();
        Tensor x_BSH = embed(input, null, dropout);
        int done = 0;
        for (int depth : depths.subList(0, depths.size() - 1)) {
            Tensor hidden_BSH = through(layers.subList(done, depth), x_BSH, input.attentionBias(), dropout);
            hidden_MH.add(flat(hidden_BSH).index_select(0, positions_M));
            x_BSH = hidden_BSH.detach();
            x_BSH.set_requires_grad(GradMode.is_enabled()); // or layers would not differentiate by hand
            done = depth;
        }
        x_BSH = through(layers.subList(done, last), x_BSH, input.attentionBias(), dropout);
        hidden_MH.add(layers.get(last).applyAt(positions_M, x_BSH, input.attentionBias(), dropout));
        return hidden_MH;
    }

    /** Returns the word table, [V, E]. */
    Tensor words_VE() {
        return embeddings.words_VE();
    }

    private Tensor embed(PackedInput input, @Nullable EmbeddingShift shift, Dropout dropout) {
        Tensor embedded_BSE = embeddings.embed(input, shift, dropout);
        return projection == null ? embedded_BSE : projection.apply(embedded_BSE);
    }

    private static Tensor through(List<EncoderLayer> layers, Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        if (shouldDifferentiate(layers, x_BSH, dropout)) {
            return differentiate(layers, x_BSH, bias, dropout).attachTo(x_BSH);
        }
        return GradMode.is_enabled() ? keep(layers, x_BSH, bias, dropout) : pass(layers, x_BSH, bias, dropout);
    }

    private static Tensor keep(List<EncoderLayer> layers, Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        Tensor hidden_BSH = x_BSH;
        for (EncoderLayer layer : layers) {
            hidden_BSH = layer.apply(hidden_BSH, bias, dropout);
        }
        return hidden_BSH;
    }

    // Without gradients nothing needs to stay: buffers that are used again at once are still in the processor's cache.
    private static Tensor pass(List<EncoderLayer> layers, Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        Tensor hidden_BSH = x_BSH;
        for (int i = 0; i < layers.size(); i++) {
            Tensor of_BSH = hidden_BSH;
            hidden_BSH = layers.get(i).pass(of_BSH, bias, dropout);
            if (i > 0) { // x is the caller's
                of_BSH.close();
            }
        }
        return hidden_BSH;
    }

    // Where attention is dropped, libtorch has no fused kernel for it, and autograd is slower and needs twice the
    // memory. Where it is not, autograd is as fast.
    private static boolean shouldDifferentiate(List<EncoderLayer> layers, Tensor x_BSH, Dropout dropout) {
        return !layers.isEmpty()
                && dropout.dropsAttention()
                && x_BSH.requires_grad()
                && layers.stream().allMatch(layer -> layer.canDifferentiate(x_BSH));
    }

    private static Differentiated differentiate(
            List<EncoderLayer> layers, Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        List<Differentiated> done = new ArrayList<>();
        try (NoGradGuard noGrad = new NoGradGuard()) {
            Tensor hidden_BSH = x_BSH;
            for (EncoderLayer layer : layers) {
                done.add(layer.differentiate(hidden_BSH, bias, dropout));
                hidden_BSH = done.get(done.size() - 1).output();
            }
        }
        return new Differentiated(done.get(done.size() - 1).output(), gradient_BSH -> {
            Tensor of_BSH = gradient_BSH;
            for (int i = done.size() - 1; i >= 0; i--) {
                Differentiated layer = done.get(i);
                Tensor ofOutput_BSH = of_BSH;
                of_BSH = Temporaries.freed(() -> layer.pullback().apply(ofOutput_BSH));
                if (i < done.size() - 1) { // the last output and its gradient are autograd's
                    layer.output().close();
                    ofOutput_BSH.close();
                }
            }
            return of_BSH;
        });
    }

    /** Returns hidden states as one row a token, [B·S, H]. */
    static Tensor flat(Tensor hidden_BSH) {
        return hidden_BSH.view(-1, hidden_BSH.size(2));
    }
}
