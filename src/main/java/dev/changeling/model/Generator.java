package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The masked language model that corrupts: predicts the original token at chosen positions.
 *
 * <p>Head (google run_pretraining.py:254-268): dense H→E, erf-GELU, LayerNorm, product with the word table, bias.
 */
public final class Generator {
    /** The prefix of its parameters' names. */
    public static final String PREFIX = "generator.";

    private final Encoder encoder;
    private final EmbeddingTables embeddings;
    private final Linear transform;
    private final LayerNorm norm;
    private final Parameter outputBias;

    Generator(ParameterStore store, ModelConfig config, int vocabularySize, EmbeddingTables embeddings) {
        this.embeddings = embeddings;
        encoder = new Encoder(store, PREFIX, config, config.generator(), embeddings);
        int width = config.embeddingSize();
        transform = new Linear(
                store,
                PREFIX + "generator_predictions.dense",
                config.generator().hiddenSize(),
                width);
        norm = new LayerNorm(store, PREFIX + "generator_predictions.LayerNorm", width, config.layerNormEpsilon());
        outputBias = store.declare(PREFIX + "generator_lm_head.bias", Parameter.Kind.BIAS, vocabularySize);
    }

    /**
     * Returns the logits over the vocabulary at some positions, [M, V].
     *
     * @param positions_M flat indices into B·S
     */
    public Tensor predict(PackedInput input, Tensor positions_M, Dropout dropout) {
        Tensor hidden_MH = Encoder.flat(encoder.encode(input, dropout)).index_select(0, positions_M);
        Tensor transformed_ME = norm.apply(torch.gelu(transform.apply(hidden_MH)));
        return torch.linear(transformed_ME, embeddings.words_VE(), new TensorOptional(outputBias.tensor()));
    }
}
