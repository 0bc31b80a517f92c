package dev.changeling.batch;

import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;

/**
 * The order of the rows in one epoch: a permutation that is a pure function of (seed, epoch, index) and takes no
 * memory.
 *
 * <p>A Feistel network permutes the smallest power of four that holds all rows; a result that is no row is permuted
 * again until it is one ("cycle walking": Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002). Fewer than
 * four passes are needed on average.
 */
public final class EpochOrder {
    private static final int ROUNDS = 6;

    private final long rows;
    private final int halfBits;
    private final long halfMask;
    private final long[] keys = new long[ROUNDS];

    /**
     * @param seed of the run
     * @param epoch from 0
     * @param rows how many there are, at least 1
     */
    public EpochOrder(long seed, long epoch, long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("an epoch needs at least one row, not " + rows);
        }
        this.rows = rows;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(rows - 1);
        this.halfBits = Math.max(1, (bits + 1) / 2);
        this.halfMask = (1L << halfBits) - 1;
        RandomStream random = RandomStream.of(seed, Purpose.ORDER, epoch);
        for (int i = 0; i < ROUNDS; i++) {
            keys[i] = random.nextLong();
        }
    }

    /** Returns the row that comes at a place of the epoch, both from 0. */
    public long row(long index) {
        if (index < 0 || index >= rows) {
            throw new IndexOutOfBoundsException("place " + index + " of an epoch of " + rows + " rows");
        }
        long value = permute(index);
        while (value >= rows) {
            value = permute(value);
        }
        return value;
    }

    private long permute(long value) {
        long left = value >>> halfBits;
        long right = value & halfMask;
        for (long key : keys) {
            long next = left ^ (RandomStream.mix(right + key) & halfMask);
            left = right;
            right = next;
        }
        return left << halfBits | right;
    }
}
