package dev.changeling.random;

/**
 * A stream of random numbers that is a pure function of where it is used: seed, step, rank and purpose.
 *
 * <p>Counter-based: number {@code i} of a stream is a hash of (key, i), with the finaliser of SplitMix64 (Steele, Lea
 * and Flood, "Fast Splittable Pseudorandom Number Generators", 2014). Two streams with different coordinates are
 * independent for all practical purposes, and a stream made again gives the same numbers on any machine and any JDK.
 *
 * <p>Not safe for use by several threads; make one a thread.
 */
public final class RandomStream {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private final long key;
    private long counter;

    private RandomStream(long key) {
        this.key = key;
    }

    /**
     * @param seed the run's seed
     * @param purpose what the numbers are for
     * @param coordinates where they are used, for example step and rank, or epoch
     */
    public static RandomStream of(long seed, Purpose purpose, long... coordinates) {
        long key = mix(seed + GOLDEN_GAMMA);
        key = mix(key ^ purpose.number() * GOLDEN_GAMMA);
        for (long coordinate : coordinates) {
            key = mix(key * 31 + mix(coordinate + GOLDEN_GAMMA));
        }
        return new RandomStream(key);
    }

    /** Returns the next 64 random bits. */
    public long nextLong() {
        return mix(key + ++counter * GOLDEN_GAMMA);
    }

    /** Returns the next number, uniform in [0, 1) with 53 random bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Returns the next number, uniform in [0, 1) with 24 random bits, the most that a float holds evenly. */
    public float nextFloat() {
        return (nextLong() >>> 40) * 0x1.0p-24f;
    }

    /**
     * Returns the next integer, uniform in [0, bound).
     *
     * @param bound exclusive, positive
     */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive, not " + bound);
        }
        // The high half of a 64 × 32 bit product; its bias, below 2^-32, is far under what any test here could see.
        return (int) Math.multiplyHigh(nextLong() >>> 1, (long) bound << 1);
    }

    /** Hashes 64 bits to 64 bits, one to one. */
    public static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
