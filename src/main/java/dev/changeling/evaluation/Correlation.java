package dev.changeling.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How two rows of numbers go together, −1 to 1, as scores of a regression.
 *
 * <p>If all numbers of a row are the same, the correlation is not defined (SciPy gives NaN). Here it is then 0, as
 * Matthews' correlation is: a network that predicts one number for all texts has found nothing, and its score can be
 * compared and written as JSON. A NaN among the numbers makes the correlation NaN, so that it is not overlooked.
 */
public final class Correlation {
    private Correlation() {}

    /**
     * Returns Pearson's correlation: how nearly the two lie on a line. NaN if a number is infinite.
     *
     * @throws IllegalArgumentException if there are no numbers, or their counts differ
     */
    public static double pearson(double[] gold_B, double[] predicted_B) {
        check(gold_B, predicted_B);
        if (hasNaN(gold_B) || hasNaN(predicted_B)) {
            return Double.NaN;
        }
        if (isConstant(gold_B) || isConstant(predicted_B)) {
            return 0;
        }
        double[] x_B = normalized(gold_B);
        double[] y_B = normalized(predicted_B);
        double product =
                IntStream.range(0, x_B.length).mapToDouble(i -> x_B[i] * y_B[i]).sum();
        return Math.max(-1, Math.min(1, product));
    }

    /**
     * Returns Spearman's correlation: Pearson's of the ranks, where equal numbers share the mean of their ranks.
     *
     * @throws IllegalArgumentException if there are no numbers, or their counts differ
     */
    public static double spearman(double[] gold_B, double[] predicted_B) {
        check(gold_B, predicted_B);
        if (hasNaN(gold_B) || hasNaN(predicted_B)) {
            return Double.NaN;
        }
        return pearson(ranks(gold_B), ranks(predicted_B));
    }

    private static void check(double[] gold_B, double[] predicted_B) {
        if (gold_B.length == 0 || gold_B.length != predicted_B.length) {
            throw new IllegalArgumentException(predicted_B.length + " numbers for " + gold_B.length);
        }
    }

    private static boolean hasNaN(double[] numbers) {
        return Arrays.stream(numbers).anyMatch(Double::isNaN);
    }

    // 0 and −0 are the same.
    private static boolean isConstant(double[] numbers) {
        return Arrays.stream(numbers).allMatch(number -> number == numbers[0]);
    }

    /** Returns the numbers less their mean, scaled to length 1. */
    private static double[] normalized(double[] numbers) {
        double mean = Arrays.stream(numbers).average().orElseThrow();
        double[] centred = Arrays.stream(numbers).map(x -> x - mean).toArray();
        // By the largest first, so that squares neither overflow nor vanish.
        double largest = Arrays.stream(centred).map(Math::abs).max().orElseThrow();
        double squares =
                Arrays.stream(centred).map(x -> x / largest * (x / largest)).sum();
        double length = largest * Math.sqrt(squares);
        return Arrays.stream(centred).map(x -> x / length).toArray();
    }

    private static double[] ranks(double[] numbers) {
        Integer[] order = IntStream.range(0, numbers.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> numbers[i] + 0.0));
        double[] ranks = new double[numbers.length];
        int i = 0;
        while (i < order.length) {
            int end = i + 1;
            while (end < order.length && numbers[order[end]] == numbers[order[i]]) {
                end++;
            }
            for (int tied = i; tied < end; tied++) {
                ranks[order[tied]] = (i + 1 + end) / 2.0;
            }
            i = end;
        }
        return ranks;
    }
}
