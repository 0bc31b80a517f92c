package dev.changeling.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Numbers as the page is given them: with as many digits as an eye can tell apart. */
final class Numbers {
    private static final int CURVE = 5;
    private static final int PROBABILITY = 3;

    /** Of ten, as a double. */
    private static final int LARGEST_EXACT_POWER = 22;

    private Numbers() {}

    /** Returns one value of each point. */
    static List<Double> of(List<Series.Point> points, ToDoubleFunction<Series.Point> value) {
        return points.stream()
                .map(point -> rounded(value.applyAsDouble(point), CURVE))
                .toList();
    }

    /** Returns probabilities; null for one that is not finite. */
    static List<@Nullable Double> probabilities(List<Double> values) {
        List<@Nullable Double> rounded = new ArrayList<>();
        values.forEach(value -> rounded.add(Double.isFinite(value) ? rounded(value, PROBABILITY) : null));
        return rounded;
    }

    /** A page that is open asks for all curves every few seconds, and BigDecimal would be most of what that costs. */
    static double rounded(double value, int digits) {
        if (value == 0) {
            return 0;
        }
        int power = digits - 1 - (int) Math.floor(Math.log10(Math.abs(value)));
        if (Math.abs(power) > LARGEST_EXACT_POWER) {
            return new BigDecimal(value).round(new MathContext(digits)).doubleValue();
        }
        // Dividing by an exact power of ten gives the double next to the decimal.
        double scale = Math.pow(10, Math.abs(power));
        return power >= 0 ? Math.rint(value * scale) / scale : Math.rint(value / scale) * scale;
    }
}
