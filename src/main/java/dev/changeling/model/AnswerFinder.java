package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import org.bytedeco.pytorch.Tensor;

/**
 * Says of each token how likely an answer begins there and how likely one ends there, as Hugging Face's
 * {@code ElectraForQuestionAnswering} does.
 *
 * <p>Head: dense H→2.
 */
public final class AnswerFinder implements TaskNetwork {
    private final TransformerEncoder encoder;
    private final Linear output;

    /**
     * Declares the head's parameters.
     *
     * @param encoder a discriminator's trunk, declared in the same store
     */
    AnswerFinder(ParameterStore store, ModelConfig config, TransformerEncoder encoder) {
        this.encoder = encoder;
        output = new Linear(
                store,
                Discriminator.PREFIX + "qa_outputs",
                config.discriminator().hiddenSize(),
                2);
    }

    /** Returns the logits of every real token, [T, 2]: of the beginning and of the end. */
    @Override
    public Tensor outputs(PackedInput input, Dropout dropout) {
        return output.apply(
                TransformerEncoder.flat(encoder.encode(input, dropout)).index_select(0, input.real_T()));
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
