package dev.changeling.random;

/**
 * What a random number is for. Each purpose has numbers of its own, so that drawing more for one never shifts another.
 *
 * <p>The number of a purpose is part of the function: a new purpose takes a new number.
 */
public enum Purpose {
    /** Starting weights. */
    INITIALIZATION(1),
    /** The order of the rows in an epoch. */
    ORDER(2),
    /** Which positions are masked, and what is written there. */
    MASKING(3),
    /** What the generator writes at the masked positions. */
    SAMPLING(4),
    /** The engine's own generator: dropout. */
    DROPOUT(5),
    /** Which documents are held out. */
    SPLIT(6),
    /** Segment boundaries and target lengths while examples are built. */
    SEGMENTS(7),
    /** Test sentences with a word swapped. */
    SWAPS(8),
    /** Which replacements are drawn without the generator, and what they are. */
    UNIGRAM(9),
    /** Which stretch of a sequence is kept in its other view. */
    CROPPING(10),
    /** The noise of the Gumbel-softmax through which the mixture of the generator's heads learns. */
    MIXTURE(11);

    private final int number;

    Purpose(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
