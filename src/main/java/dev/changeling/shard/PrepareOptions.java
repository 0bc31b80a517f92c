package dev.changeling.shard;

import dev.changeling.error.UsageException;
import java.util.Locale;

/**
 * What decides the bytes of a data set, besides the documents and the tokenizer.
 *
 * @param rowLength tokens a row
 * @param examples how documents become rows
 * @param heldOutFraction the share of documents that is kept for evaluation, between 0 and 1, both exclusive; at least
 *     one document is, however small the share
 * @param seed of the split and of segment boundaries
 * @param shardBytes the size at which a shard ends with the document that is being written
 * @param segments how examples of segments are drawn; packed ones don't look at it
 */
public record PrepareOptions(
        int rowLength,
        ExampleFormat examples,
        double heldOutFraction,
        long seed,
        long shardBytes,
        SegmentOptions segments) {
    /** 64 MiB. */
    public static final long DEFAULT_SHARD_BYTES = 64L << 20;

    private static final int SHORTEST_ROW = 8;
    private static final long LARGEST_SHARD = 1L << 30;

    /** @throws UsageException if a number is out of its range */
    public PrepareOptions {
        if (rowLength < SHORTEST_ROW || rowLength > ShardFormat.MAXIMUM_ROW_LENGTH) {
            throw new UsageException(String.format(
                    Locale.ROOT,
                    "row length %d; expected %d to %d",
                    rowLength,
                    SHORTEST_ROW,
                    ShardFormat.MAXIMUM_ROW_LENGTH));
        }
        if (!(heldOutFraction > 0 && heldOutFraction < 1)) {
            throw new UsageException("held-out fraction " + heldOutFraction + "; expected more than 0 and less than 1");
        }
        if (shardBytes < 1 || shardBytes > LARGEST_SHARD) {
            throw new UsageException(String.format(
                    Locale.ROOT, "shard size of %,d bytes; expected 1 to %,d", shardBytes, LARGEST_SHARD));
        }
    }

    /** Takes google's numbers for segments. */
    public PrepareOptions(int rowLength, ExampleFormat examples, double heldOutFraction, long seed, long shardBytes) {
        this(rowLength, examples, heldOutFraction, seed, shardBytes, SegmentOptions.GOOGLE);
    }

    /** Returns the defaults: packed, 1 % held out, seed 1, shards of 64 MiB. */
    public static PrepareOptions of(int rowLength) {
        return new PrepareOptions(rowLength, ExampleFormat.PACKED, 0.01, 1, DEFAULT_SHARD_BYTES);
    }
}
