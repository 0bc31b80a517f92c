package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The masked language model that corrupts: predicts the original token at chosen positions.
 *
 * <p>Head (google run_pretraining.py:254-268): dense H→E, erf-GELU, LayerNorm, product with the word table, bias.
 */
public final class Generator {
    /** The prefix of its parameters' names. */
    public static final String PREFIX = "generator.";

    private final TransformerEncoder encoder;
    private final Linear transform;
    private final LayerNorm norm;
    private final OutputLayer output;

    Generator(ParameterStore store, ModelConfig config, int vocabularySize, EmbeddingTables embeddings) {
        encoder = new TransformerEncoder(store, PREFIX, config, config.generator(), embeddings);
        int width = config.embeddingSize();
        transform = new Linear(
                store,
                PREFIX + "generator_predictions.dense",
                config.generator().hiddenSize(),
                width);
        norm = new LayerNorm(store, PREFIX + "generator_predictions.LayerNorm", width, config.layerNormEpsilon());
        output = new OutputLayer(store, PREFIX, embeddings, vocabularySize);
    }

    /**
     * Returns what the output layer reads at some positions, [M, E].
     *
     * @param positions_M flat indices into B·S
     */
    public Tensor represent(PackedInput input, Tensor positions_M, Dropout dropout) {
        Tensor hidden_MH = encoder.encodeAt(positions_M, input, dropout);
        return norm.apply(torch.gelu(transform.apply(hidden_MH)));
    }

    /** Returns the last layer. */
    public OutputLayer output() {
        return output;
    }

    /**
     * Returns the logits over the vocabulary at some positions, [M, V]: all of them at once, so not for many positions.
     *
     * @param positions_M flat indices into B·S
     */
    public Tensor predict(PackedInput input, Tensor positions_M, Dropout dropout) {
        return output.logits(represent(input, positions_M, dropout));
    }
}
