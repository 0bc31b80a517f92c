package dev.changeling.evaluation;

import java.util.Arrays;

/**
 * Scores of a binary classifier over logits and labels. All logits are kept, for an exact area under the ROC curve: 8
 * bytes each. Not safe for use by several threads.
 */
public final class BinaryScores {
    // A logit and its label in one number that sorts by logit: the order of the float's bits above, the label lowest.
    private long[] keys = new long[1024];
    private int count;
    private long positives;
    private long truePositives;
    private long falsePositives;

    /**
     * Adds predictions.
     *
     * @param logits above 0 means positive
     * @param labels 1 or 0
     */
    public void add(float[] logits, float[] labels) {
        if (count + logits.length > keys.length) {
            keys = Arrays.copyOf(keys, Math.max(keys.length * 2, count + logits.length));
        }
        for (int i = 0; i < logits.length; i++) {
            boolean positive = labels[i] > 0.5f;
            keys[count++] = (ordered(logits[i]) << 1) | (positive ? 1 : 0);
            positives += positive ? 1 : 0;
            if (logits[i] > 0) {
                truePositives += positive ? 1 : 0;
                falsePositives += positive ? 0 : 1;
            }
        }
    }

    /** Adds the predictions that another has counted. */
    void add(BinaryScores other) {
        if (count + other.count > keys.length) {
            keys = Arrays.copyOf(keys, Math.max(keys.length * 2, count + other.count));
        }
        System.arraycopy(other.keys, 0, keys, count, other.count);
        count += other.count;
        positives += other.positives;
        truePositives += other.truePositives;
        falsePositives += other.falsePositives;
    }

    // Maps floats to integers of the same order; −0 and 0 become one.
    private static long ordered(float value) {
        int bits = Float.floatToIntBits(value + 0f);
        return bits >= 0 ? bits : Integer.MIN_VALUE - (long) bits;
    }

    long count() {
        return count;
    }

    double positiveFraction() {
        return count == 0 ? 0 : positives / (double) count;
    }

    /** Returns the binary cross-entropy of a constant prediction of the positive fraction, in nats. */
    double majorityLoss() {
        double p = positiveFraction();
        return p == 0 || p == 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    }

    double accuracy() {
        long right = truePositives + (count - positives - falsePositives);
        return count == 0 ? 0 : right / (double) count;
    }

    double precision() {
        long called = truePositives + falsePositives;
        return called == 0 ? 0 : truePositives / (double) called;
    }

    double recall() {
        return positives == 0 ? 0 : truePositives / (double) positives;
    }

    /** Returns the probability that a positive has a higher logit than a negative, ties counting half. */
    double auc() {
        long negatives = count - positives;
        if (positives == 0 || negatives == 0) {
            return 0.5;
        }
        long[] sorted = Arrays.copyOf(keys, count);
        Arrays.parallelSort(sorted);
        double won = 0;
        long negativesBelow = 0;
        int i = 0;
        while (i < count) {
            long value = sorted[i] >> 1;
            long tiedPositives = 0;
            long tiedNegatives = 0;
            for (; i < count && sorted[i] >> 1 == value; i++) {
                tiedPositives += sorted[i] & 1;
                tiedNegatives += 1 - (sorted[i] & 1);
            }
            won += tiedPositives * (negativesBelow + tiedNegatives / 2.0);
            negativesBelow += tiedNegatives;
        }
        return won / ((double) positives * negatives);
    }
}
