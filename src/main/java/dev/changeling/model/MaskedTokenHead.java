package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What predicts tokens on a trunk: dense H→E, erf-GELU, LayerNorm, product with the word table, bias (google
 * run_pretraining.py:254-268). Its parameters have the names of Hugging Face's {@code ElectraForMaskedLM}.
 */
public final class MaskedTokenHead {
    private final Linear transform;
    private final LayerNorm norm;
    private final OutputLayer output;

    /**
     * Declares the head.
     *
     * @param prefix of its network's names
     * @param hidden H of its network
     * @param embeddings of its network; the output layer is tied to their words
     */
    MaskedTokenHead(
            ParameterStore store,
            String prefix,
            ModelConfig config,
            int hidden,
            int vocabularySize,
            EmbeddingTables embeddings) {
        int width = config.embeddingSize();
        transform = new Linear(store, prefix + "generator_predictions.dense", hidden, width);
        norm = new LayerNorm(store, prefix + "generator_predictions.LayerNorm", width, config.layerNormEpsilon());
        output = new OutputLayer(store, prefix, embeddings, vocabularySize);
    }

    /** Returns what the output layer reads, [M, E]. */
    public Tensor represent(Tensor hidden_MH) {
        return norm.apply(torch.gelu(transform.apply(hidden_MH)));
    }

    /** Returns the last layer. */
    public OutputLayer output() {
        return output;
    }
}
