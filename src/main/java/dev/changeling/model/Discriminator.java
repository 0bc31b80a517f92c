package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The encoder that is kept: tells for every token whether it was replaced.
 *
 * <p>Head (google run_pretraining.py:186-193): dense H→H, erf-GELU, dense H→1.
 */
public final class Discriminator implements SequenceNetwork {
    /** The prefix of its parameters' names. */
    public static final String PREFIX = "discriminator.";

    private final TransformerEncoder encoder;
    private final Linear transform;
    private final Linear score;

    /**
     * Declares the head's parameters.
     *
     * @param encoder a {@link #trunk}, declared in the same store
     */
    Discriminator(ParameterStore store, ModelConfig config, TransformerEncoder encoder) {
        this.encoder = encoder;
        int hidden = config.discriminator().hiddenSize();
        transform = new Linear(store, PREFIX + "discriminator_predictions.dense", hidden, hidden);
        score = new Linear(store, PREFIX + "discriminator_predictions.dense_prediction", hidden, 1);
    }

    /**
     * Declares a trunk without its head.
     *
     * @param embeddings its own tables, or those that it shares
     */
    static TransformerEncoder trunk(ParameterStore store, ModelConfig config, EmbeddingTables embeddings) {
        return new TransformerEncoder(store, PREFIX, config, config.discriminator(), embeddings);
    }

    /** Returns the logit of "replaced" for every real token, [T]. */
    public Tensor score(PackedInput input, Dropout dropout) {
        Tensor hidden_TH =
                TransformerEncoder.flat(encoder.encode(input, dropout)).index_select(0, input.real_T());
        return score.apply(torch.gelu(transform.apply(hidden_TH))).squeeze(1);
    }

    /** Returns {@link #score}. */
    @Override
    public Tensor outputs(PackedInput input, Dropout dropout) {
        return score(input, dropout);
    }

    @Override
    public boolean judgesTokens() {
        return true;
    }

    /** Returns the trunk: what people use after pre-training. */
    public TransformerEncoder encoder() {
        return encoder;
    }
}
