package dev.changeling.model;

import org.bytedeco.pytorch.Tensor;

/** A {@link TransformerEncoder} and what a task puts on it: what fine-tuning trains. */
public sealed interface TaskNetwork permits SequenceClassifier, TokenClassifier, AnswerFinder, SentenceEncoder {

    /**
     * Returns what the task is read from: one row for each thing that is judged (a sequence, or a token), K columns.
     *
     * @param dropout {@link Dropout#NONE} in use
     */
    Tensor outputs(PackedInput input, Dropout dropout);

    /** Returns whether each real token is judged; otherwise each sequence is. */
    boolean judgesTokens();

    /** Returns the trunk that the head stands on. */
    TransformerEncoder encoder();
}
