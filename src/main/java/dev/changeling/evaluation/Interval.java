package dev.changeling.evaluation;

import java.util.Arrays;

/**
 * Where a number lies with a probability of 95 %, as far as a sample can tell.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) {
    /** The normal distribution's quantile of 97.5 %. */
    private static final double Z = 1.959963984540054;

    /**
     * Returns the interval of a share (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
     * 1927).
     *
     * @param share in the sample
     * @param n size of the sample
     */
    static Interval ofShare(double share, int n) {
        if (n == 0) {
            return new Interval(0, 1);
        }
        double shrink = 1 + Z * Z / n;
        double middle = (share + Z * Z / (2 * n)) / shrink;
        double reach = Z * Math.sqrt(share * (1 - share) / n + Z * Z / (4.0 * n * n)) / shrink;
        return new Interval(Math.max(0, middle - reach), Math.min(1, middle + reach));
    }

    /** Returns the interval of a mean, by the normal distribution; NaN from fewer than two values. */
    static Interval ofMean(double... values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double reach = values.length < 2 ? Double.NaN : Z * Math.sqrt(squares / (values.length - 1) / values.length);
        return new Interval(mean - reach, mean + reach);
    }
}
