package dev.changeling.shard;

import java.util.Arrays;
import java.util.List;

/** The rows of one split, over all of its shards. Immutable; safe for use by several threads. */
public final class Rows {
    private final int length;
    private final List<Shard> shards;
    /** The number of each shard's first row. */
    private final long[] firstRows;

    private final long count;

    Rows(int length, List<Shard> shards) {
        this.length = length;
        this.shards = List.copyOf(shards);
        this.firstRows = new long[shards.size()];
        long rows = 0;
        for (int i = 0; i < firstRows.length; i++) {
            firstRows[i] = rows;
            rows += shards.get(i).rows();
        }
        this.count = rows;
    }

    /** Returns how many rows there are. */
    public long count() {
        return count;
    }

    /** Returns S, the number of tokens a row, padding included. */
    public int length() {
        return length;
    }

    /** Copies the S tokens of a row, padding included. */
    public void copyTokens(long row, int[] target, int offset) {
        int shard = shardOf(row);
        shards.get(shard).copyTokens((int) (row - firstRows[shard]), target, offset);
    }

    /** Returns how many sequences stand in a row. */
    public int sequences(long row) {
        int shard = shardOf(row);
        return shards.get(shard).sequences((int) (row - firstRows[shard]));
    }

    /** Returns how many tokens a sequence of a row has, [CLS] and [SEP] included. */
    public int sequenceLength(long row, int sequence) {
        int shard = shardOf(row);
        return shards.get(shard).length((int) (row - firstRows[shard]), sequence);
    }

    /** Returns how many tokens of a sequence, from its first, are of segment 0; the rest are of segment 1. */
    public int firstSegmentLength(long row, int sequence) {
        int shard = shardOf(row);
        return shards.get(shard).firstSegment((int) (row - firstRows[shard]), sequence);
    }

    private int shardOf(long row) {
        if (row < 0 || row >= count) {
            throw new IndexOutOfBoundsException("row " + row + " of " + count);
        }
        int found = Arrays.binarySearch(firstRows, row);
        return found >= 0 ? found : -found - 2;
    }

    /** Adds how often each token stands in these rows, padding left out. */
    void count(long[] counts) {
        int[] tokens = new int[length];
        for (long row = 0; row < count; row++) {
            copyTokens(row, tokens, 0);
            int used = 0;
            for (int i = 0; i < sequences(row); i++) {
                used += sequenceLength(row, i);
            }
            for (int i = 0; i < used; i++) {
                counts[tokens[i]]++;
            }
        }
    }
}
