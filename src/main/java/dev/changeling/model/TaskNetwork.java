package dev.changeling.model;

/** A {@link TransformerEncoder} and what a task puts on it: what fine-tuning trains. */
public sealed interface TaskNetwork extends SequenceNetwork
        permits SequenceClassifier, TokenClassifier, AnswerFinder, SentenceEncoder {

    /** Returns the trunk that the head stands on. */
    TransformerEncoder encoder();
}
