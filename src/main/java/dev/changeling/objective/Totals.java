package dev.changeling.objective;

import java.util.List;

/**
 * What a step's losses are averaged over: counts of the whole batch, not of one device batch, so that a step gives the
 * same gradient however it is cut up.
 *
 * @param masked masked positions
 * @param tokens real tokens
 * @param sequences sequences
 */
public record Totals(long masked, long tokens, long sequences) {

    /** What a loss is averaged over. */
    public enum Over {
        /** Masked positions. */
        MASKED,
        /** Real tokens. */
        TOKENS,
        /** Sequences. */
        SEQUENCES
    }

    /** Returns how many there are of what a loss is averaged over. */
    public long of(Over over) {
        return switch (over) {
            case MASKED -> masked;
            case TOKENS -> tokens;
            case SEQUENCES -> sequences;
        };
    }

    /** Returns the totals of all device batches of a step. */
    public static Totals of(List<MaskedBatch> batches) {
        return new Totals(
                batches.stream().mapToLong(batch -> batch.masked().count()).sum(),
                batches.stream().mapToLong(batch -> batch.batch().realTokens()).sum(),
                batches.stream()
                        .mapToLong(batch -> batch.batch().sequenceCount())
                        .sum());
    }
}
