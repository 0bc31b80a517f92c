package dev.changeling.model;

import org.bytedeco.pytorch.Tensor;

/** A head on an {@link TransformerEncoder} that says which of K labels applies: what fine-tuning trains. */
public sealed interface Classifier permits SequenceClassifier, TokenClassifier {

    /** The prefix of the names of a head's parameters, after the network's. */
    String NAME = "classifier";

    /**
     * Returns the logits of the labels, one row for each thing that is labelled and K columns.
     *
     * @param dropout {@link Dropout#NONE} in use
     */
    Tensor classify(PackedInput input, Dropout dropout);

    /** Returns the trunk that the head stands on. */
    TransformerEncoder encoder();
}
