package dev.changeling.evaluation;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * What was measured several times: steps of a run, or scores over seeds.
 *
 * @param count how often
 * @param median the middle one, or the mean of the two in the middle
 * @param least the smallest
 * @param most the largest
 * @param standardDeviation that of the sample, over {@code count − 1}; 0 of a single number
 */
public record Spread(int count, double median, double least, double most, double standardDeviation) {

    /**
     * Returns the spread of at least one number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Spread of(DoubleStream measured) {
        double[] sorted = measured.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double upper = sorted[sorted.length / 2];
        double lower = sorted[(sorted.length - 1) / 2];
        return new Spread(sorted.length, (lower + upper) / 2, sorted[0], sorted[sorted.length - 1], deviation(sorted));
    }

    private static double deviation(double[] numbers) {
        if (numbers.length == 1) {
            return 0;
        }
        double mean = Arrays.stream(numbers).average().orElseThrow();
        double squares =
                Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).sum();
        return Math.sqrt(squares / (numbers.length - 1));
    }
}
