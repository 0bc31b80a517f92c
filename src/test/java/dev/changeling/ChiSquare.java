package dev.changeling;

import static org.assertj.core.api.Assertions.assertThat;

/** Pearson's test that counts came from a distribution. */
public final class ChiSquare {
    // The quantile of the standard normal distribution that one of 10,000 draws exceeds.
    private static final double QUANTILE = 3.719;

    private ChiSquare() {}

    /**
     * Fails if so bad a fit would happen less than once in 10,000 times.
     *
     * @param counts how often each outcome occurred
     * @param probabilities of the outcomes, summing to 1; each must be expected 5 times or more
     * @param seed that the draws came from, named on failure
     */
    public static void assertFits(long[] counts, double[] probabilities, long seed) {
        assertThat(counts).hasSameSizeAs(probabilities);
        long draws = 0;
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            draws += counts[i];
            sum += probabilities[i];
        }
        assertThat(sum).isBetween(1 - 1e-9, 1 + 1e-9);
        double statistic = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = draws * probabilities[i];
            assertThat(expected).as("expected count of outcome %d", i).isGreaterThanOrEqualTo(5);
            statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        assertThat(statistic).as("chi-square of the draws of seed %d", seed).isLessThan(critical(counts.length - 1));
    }

    // Wilson and Hilferty's approximation.
    private static double critical(int degreesOfFreedom) {
        double ninth = 2.0 / (9 * degreesOfFreedom);
        return degreesOfFreedom * Math.pow(1 - ninth + QUANTILE * Math.sqrt(ninth), 3);
    }
}
