package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Says which of K labels applies to a sequence, as Hugging Face's {@code ElectraForSequenceClassification} does; with K
 * = 1 its logit is the score of a regression.
 *
 * <p>Head: the hidden state of [CLS], dropout, dense H→H, erf-GELU, dropout, dense H→K. (google's code has a single
 * dense H→K, finetune/classification/classification_tasks.py.)
 */
public final class SequenceClassifier implements TaskNetwork {
    private final TransformerEncoder encoder;
    private final Linear transform;
    private final Linear output;

    /**
     * Declares the head's parameters.
     *
     * @param encoder a discriminator's trunk, declared in the same store
     * @param labels K
     */
    SequenceClassifier(ParameterStore store, ModelConfig config, TransformerEncoder encoder, int labels) {
        this.encoder = encoder;
        String name = Discriminator.PREFIX + "classifier";
        int hidden = config.discriminator().hiddenSize();
        transform = new Linear(store, name + ".dense", hidden, hidden);
        output = new Linear(store, name + ".out_proj", hidden, labels);
    }

    /** Returns the logits of every sequence, [N, K]. */
    @Override
    public Tensor outputs(PackedInput input, Dropout dropout) {
        Tensor first_NH = encoder.encodeAt(input.first_N(), input, dropout);
        Tensor transformed_NH = torch.gelu(transform.apply(dropout.ofHidden(first_NH)));
        return output.apply(dropout.ofHidden(transformed_NH));
    }

    @Override
    public boolean judgesTokens() {
        return false;
    }

    @Override
    public TransformerEncoder encoder() {
        return encoder;
    }
}
