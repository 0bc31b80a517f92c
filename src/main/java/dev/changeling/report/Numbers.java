package dev.changeling.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Numbers as the page is given them: with as many digits as an eye can tell apart. */
final class Numbers {
    private static final MathContext CURVE = new MathContext(5);
    private static final MathContext PROBABILITY = new MathContext(3);

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

    private static double rounded(double value, MathContext digits) {
        return new BigDecimal(value).round(digits).doubleValue();
    }
}
