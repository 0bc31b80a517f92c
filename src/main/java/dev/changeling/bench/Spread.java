package dev.changeling.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * What was measured several times.
 *
 * @param median the middle one
 * @param least the smallest
 * @param most the largest
 */
public record Spread(double median, double least, double most) {

    /** Returns the spread of at least one number. */
    static Spread of(DoubleStream measured) {
        double[] sorted = measured.sorted().toArray();
        double upper = sorted[sorted.length / 2];
        double lower = sorted[(sorted.length - 1) / 2];
        return new Spread(
                (lower + upper) / 2, sorted[0], Arrays.stream(sorted).max().orElseThrow());
    }
}
