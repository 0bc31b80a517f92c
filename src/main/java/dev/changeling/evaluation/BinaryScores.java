package dev.changeling.evaluation;

/** Scores of a binary classifier over any number of logits and labels. Not safe for use by several threads. */
public final class BinaryScores {
    private final RocArea area = new RocArea();
    private long count;
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
        for (int i = 0; i < logits.length; i++) {
            add(logits[i], labels[i] > 0.5f);
        }
    }

    /** Adds a prediction. */
    void add(float logit, boolean positive) {
        area.add(logit, positive);
        positives += positive ? 1 : 0;
        if (logit > 0) {
            truePositives += positive ? 1 : 0;
            falsePositives += positive ? 0 : 1;
        }
        count++;
    }

    long count() {
        return count;
    }

    long positives() {
        return positives;
    }

    /** Returns how many were predicted to be positive. */
    long called() {
        return truePositives + falsePositives;
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
        return called() == 0 ? 0 : truePositives / (double) called();
    }

    double recall() {
        return positives == 0 ? 0 : truePositives / (double) positives;
    }

    /** Returns the part of the negatives that were predicted to be positive. */
    double falseAlarmRate() {
        return positives == count ? 0 : falsePositives / (double) (count - positives);
    }

    /**
     * Returns the probability that a positive has a higher logit than a negative, ties counting half: exact up to some
     * millions of logits, and close beyond that; see {@link RocArea}.
     */
    double auc() {
        return area.value();
    }
}
