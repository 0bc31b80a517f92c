package dev.changeling.model;

import org.bytedeco.pytorch.Tensor;

/** A network that says something of sequences, or of each of their tokens. */
public sealed interface SequenceNetwork permits TaskNetwork, Discriminator {

    /**
     * Returns what is said: one row for each thing that is judged (a sequence, or a real token), K columns, or none if
     * K is 1.
     *
     * @param dropout {@link Dropout#NONE} in use
     */
    Tensor outputs(PackedInput input, Dropout dropout);

    /** Returns whether each real token is judged; otherwise each sequence is. */
    boolean judgesTokens();
}
