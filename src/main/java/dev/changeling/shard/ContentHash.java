package dev.changeling.shard;

import dev.changeling.random.RandomStream;

/** A 64-bit hash of text, the same on every machine. It tells texts apart; it is no defence against forgery. */
final class ContentHash {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private ContentHash() {}

    static long of(String text) {
        long hash = RandomStream.mix(text.length() + GOLDEN_GAMMA);
        int i = 0;
        for (; i + 4 <= text.length(); i += 4) {
            long four = text.charAt(i)
                    | (long) text.charAt(i + 1) << 16
                    | (long) text.charAt(i + 2) << 32
                    | (long) text.charAt(i + 3) << 48;
            hash = join(hash, four);
        }
        for (; i < text.length(); i++) {
            hash = join(hash, text.charAt(i));
        }
        return hash;
    }

    /** Returns the hash of a sequence that is one element longer. */
    static long join(long hash, long next) {
        return RandomStream.mix(hash * GOLDEN_GAMMA + next);
    }
}
