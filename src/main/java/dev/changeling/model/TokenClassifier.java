package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import org.bytedeco.pytorch.Tensor;

/**
 * Says which of K labels applies to each token, as Hugging Face's {@code ElectraForTokenClassification} does.
 *
 * <p>Head: dropout, dense H→K.
 */
public final class TokenClassifier implements TaskNetwork {
    private final TransformerEncoder encoder;
    private final Linear output;

    /**
     * Declares the head's parameters.
     *
     * @param encoder a discriminator's trunk, declared in the same store
     * @param labels K
     */
    TokenClassifier(ParameterStore store, ModelConfig config, TransformerEncoder encoder, int labels) {
        this.encoder = encoder;
        output = new Linear(
                store,
                Discriminator.PREFIX + "classifier",
                config.discriminator().hiddenSize(),
                labels);
    }

    /** Returns the logits of every real token, [T, K]. */
    @Override
    public Tensor outputs(PackedInput input, Dropout dropout) {
        Tensor hidden_TH =
                TransformerEncoder.flat(encoder.encode(input, dropout)).index_select(0, input.real_T());
        return output.apply(dropout.ofHidden(hidden_TH));
    }

    @Override
    public boolean judgesTokens() {
        return true;
    }

    @Override
    public TransformerEncoder encoder() {
        return encoder;
    }
}
