package dev.changeling.evaluation;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * The area under the ROC curve over any number of scores, in bounded memory and the same every time.
 *
 * <p>The first 4,194,304 scores are kept (8 bytes each), and up to there the area is exact. With one more they become
 * counts between 65,536 of their own quantiles, and so do all later ones; scores between the same two quantiles count
 * as equal. A pair of those is rated ½ in place of 0 or 1, so the area is off by at most half of the share of such
 * pairs: about 1/131,072, below any figure that is printed, where later scores are spread as the first ones were.
 * Quantiles rather than a fixed grid, because the logits of a discriminator that has learnt little lie within a hair of
 * each other, which is when the area matters most. Scores that many tokens share have a place of their own. Not safe
 * for use by several threads.
 */
final class RocArea {
    private static final int EXACT = 1 << 22;
    private static final int PLACES = 1 << 16;

    private final int exact;
    private final int places;

    // A score and its class in one number that sorts by score: the order of the float's bits above, the class lowest.
    private long[] keys = new long[1024];
    private int kept;

    /** The highest score of each place but the last, ascending; none while scores are kept. */
    private long[] edges = {};

    private long[] positivesAt = {};
    private long[] negativesAt = {};

    RocArea() {
        this(EXACT, PLACES);
    }

    /**
     * @param exact how many scores are kept
     * @param places what is counted between how many quantiles beyond that
     */
    RocArea(int exact, int places) {
        this.exact = exact;
        this.places = places;
    }

    void add(float score, boolean positive) {
        if (isCounting()) {
            count(ordered(score), positive);
            return;
        }
        if (kept == exact) {
            beginToCount();
            count(ordered(score), positive);
            return;
        }
        if (kept == keys.length) {
            keys = Arrays.copyOf(keys, Math.min(exact, 2 * kept));
        }
        keys[kept++] = (ordered(score) << 1) | (positive ? 1 : 0);
    }

    /** Returns how many numbers of 8 bytes are in memory. */
    int size() {
        return keys.length + edges.length + positivesAt.length + negativesAt.length;
    }

    /** Returns the probability that a positive has a higher score than a negative, ties counting half; ½ if none. */
    double value() {
        Sum sum = new Sum();
        if (isCounting()) {
            for (int place = 0; place < positivesAt.length; place++) {
                sum.add(positivesAt[place], negativesAt[place]);
            }
            return sum.area();
        }
        long[] sorted = Arrays.copyOf(keys, kept);
        Arrays.parallelSort(sorted);
        int i = 0;
        while (i < kept) {
            long score = sorted[i] >> 1;
            long positives = 0;
            long negatives = 0;
            for (; i < kept && sorted[i] >> 1 == score; i++) {
                positives += sorted[i] & 1;
                negatives += 1 - (sorted[i] & 1);
            }
            sum.add(positives, negatives);
        }
        return sum.area();
    }

    private boolean isCounting() {
        return positivesAt.length > 0;
    }

    private void beginToCount() {
        long[] scores = keys;
        Arrays.parallelSort(scores, 0, kept);
        edges = quantiles(scores);
        positivesAt = new long[edges.length + 1];
        negativesAt = new long[edges.length + 1];
        for (int i = 0; i < kept; i++) {
            count(scores[i] >> 1, (scores[i] & 1) == 1);
        }
        keys = new long[0];
    }

    private long[] quantiles(long[] sorted) {
        TreeSet<Long> found = new TreeSet<>();
        for (int i = 1; i < places; i++) {
            long score = sorted[(int) ((long) i * kept / places)] >> 1;
            if (!found.add(score)) {
                // Shared by many: what is just below goes elsewhere.
                found.add(score - 1);
            }
        }
        return found.stream().mapToLong(Long::longValue).toArray();
    }

    private void count(long score, boolean positive) {
        int found = Arrays.binarySearch(edges, score);
        int place = found < 0 ? -found - 1 : found;
        if (positive) {
            positivesAt[place]++;
        } else {
            negativesAt[place]++;
        }
    }

    // Maps floats to integers of the same order; −0 and 0 become one.
    private static long ordered(float value) {
        int bits = Float.floatToIntBits(value + 0f);
        return bits >= 0 ? bits : Integer.MIN_VALUE - (long) bits;
    }

    /** Goes through the scores from the lowest, equal ones together. */
    private static final class Sum {
        private double won;
        private long positives;
        private long negatives;

        void add(long tiedPositives, long tiedNegatives) {
            won += tiedPositives * (negatives + tiedNegatives / 2.0);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }

        double area() {
            return positives == 0 || negatives == 0 ? 0.5 : won / ((double) positives * negatives);
        }
    }
}
