package dev.changeling.evaluation;

/**
 * How far probabilities are from the shares that come true: the expected calibration error (Guo et al., arXiv
 * 1706.04599, section 2) of P(positive) in ten bins of equal width. For each bin the distance between the mean
 * probability and the share of positives; the bins are averaged by their sizes. Not safe for use by several threads.
 */
final class CalibrationError {
    private static final int BINS = 10;

    private final double[] probabilities = new double[BINS];
    private final long[] positives = new long[BINS];
    private long count;

    /** Adds a prediction. */
    void add(float logit, boolean positive) {
        double probability = 1 / (1 + Math.exp(-logit));
        int bin = Math.min(BINS - 1, (int) (probability * BINS));
        probabilities[bin] += probability;
        positives[bin] += positive ? 1 : 0;
        count++;
    }

    /** Returns the error, from 0 to 1; NaN if nothing was predicted. */
    double value() {
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            sum += Math.abs(probabilities[bin] - positives[bin]);
        }
        return sum / count;
    }
}
