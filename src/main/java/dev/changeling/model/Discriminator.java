package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The encoder that is kept: tells for every token whether it was replaced; in some objectives, which token it was.
 *
 * <p>Head (google run_pretraining.py:186-193): dense H→H, erf-GELU, dense H→1.
 */
public final class Discriminator implements SequenceNetwork {
    /** The prefix of its parameters' names. */
    public static final String PREFIX = "discriminator.";

    private final TransformerEncoder encoder;
    private final @Nullable ReplacedTokenHead replacedTokens;
    private final @Nullable MaskedTokenHead originalTokens;

    private record ReplacedTokenHead(Linear transform, Linear score) {
        Tensor apply(Tensor hidden_TH) {
            return score.apply(torch.gelu(transform.apply(hidden_TH))).squeeze(1);
        }
    }

    /**
     * Declares the head of replaced token detection.
     *
     * @param encoder a {@link #trunk}, declared in the same store
     */
    Discriminator(ParameterStore store, ModelConfig config, TransformerEncoder encoder) {
        this.encoder = encoder;
        this.replacedTokens = replacedTokenHead(store, config);
        this.originalTokens = null;
    }

    /**
     * Declares the heads' parameters.
     *
     * @param encoder a {@link #trunk} or another network's of its shape, declared in the same store
     * @param embeddings of the encoder
     */
    Discriminator(
            ParameterStore store,
            ModelConfig config,
            int vocabularySize,
            TransformerEncoder encoder,
            EmbeddingTables embeddings,
            Set<Head> heads) {
        this.encoder = encoder;
        this.replacedTokens = heads.contains(Head.REPLACED_TOKENS) ? replacedTokenHead(store, config) : null;
        this.originalTokens = heads.contains(Head.ORIGINAL_TOKENS)
                ? new MaskedTokenHead(
                        store, PREFIX, config, config.discriminator().hiddenSize(), vocabularySize, embeddings)
                : null;
    }

    private static ReplacedTokenHead replacedTokenHead(ParameterStore store, ModelConfig config) {
        int hidden = config.discriminator().hiddenSize();
        return new ReplacedTokenHead(
                new Linear(store, PREFIX + "discriminator_predictions.dense", hidden, hidden),
                new Linear(store, PREFIX + "discriminator_predictions.dense_prediction", hidden, 1));
    }

    /**
     * Declares a trunk without its head.
     *
     * @param embeddings its own tables, or those that it shares
     */
    static TransformerEncoder trunk(ParameterStore store, ModelConfig config, EmbeddingTables embeddings) {
        return new TransformerEncoder(store, PREFIX, config, config.discriminator(), embeddings);
    }

    /** Returns the last layer's hidden states of every real token, [T, H]. */
    public Tensor encode(PackedInput input, Dropout dropout) {
        return encode(input, null, dropout);
    }

    /**
     * Returns the last layer's hidden states of every real token, [T, H].
     *
     * @param shift what is added to the embeddings, or null
     */
    public Tensor encode(PackedInput input, @Nullable EmbeddingShift shift, Dropout dropout) {
        return TransformerEncoder.flat(encoder.encode(input, shift, dropout)).index_select(0, input.real_T());
    }

    /** Returns the word table that it reads, [V, E]. */
    public Tensor words_VE() {
        return encoder.words_VE();
    }

    /** Returns the logit of "replaced" for hidden states, [T]. */
    public Tensor score(Tensor hidden_TH) {
        return required(replacedTokens, Head.REPLACED_TOKENS).apply(hidden_TH);
    }

    /** Returns the logit of "replaced" for every real token, [T]. */
    public Tensor score(PackedInput input, Dropout dropout) {
        return score(encode(input, dropout));
    }

    /** Returns what predicts original tokens. */
    public MaskedTokenHead originalTokens() {
        return required(originalTokens, Head.ORIGINAL_TOKENS);
    }

    private static <H> H required(@Nullable H head, Head kind) {
        if (head == null) {
            throw new IllegalStateException("the discriminator was made without a head for " + kind);
        }
        return head;
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
