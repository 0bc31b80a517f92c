package dev.changeling.batch;

/**
 * The tokens of one text, or of two that are read together, as a network takes them.
 *
 * @param tokens token ids, [CLS] and [SEP] included
 * @param firstSegmentLength how many of the tokens are of segment 0; the rest are of segment 1
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record Sequence(int[] tokens, int firstSegmentLength) {

    /** Returns a sequence of one segment. */
    public static Sequence of(int... tokens) {
        return new Sequence(tokens, tokens.length);
    }

    /** Returns the number of tokens, [CLS] and [SEP] included. */
    public int length() {
        return tokens.length;
    }
}
