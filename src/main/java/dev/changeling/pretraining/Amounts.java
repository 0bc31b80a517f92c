package dev.changeling.pretraining;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Amounts as a person reads them. */
final class Amounts {
    private static final double MILLION = 1e6;
    private static final double BILLION = 1e9;

    private Amounts() {}

    /** Returns a count: {@code 40,960}, {@code 38.0 million}. */
    static String count(long number) {
        if (number < MILLION) {
            return String.format(Locale.ROOT, "%,d", number);
        }
        return number < BILLION
                ? String.format(Locale.ROOT, "%.1f million", number / MILLION)
                : String.format(Locale.ROOT, "%.1f billion", number / BILLION);
    }

    /** Returns a fraction as a percentage of three digits at most: {@code 12.5 %}. */
    static String percent(double fraction) {
        return number(new BigDecimal(fraction * 100).round(new MathContext(3)).doubleValue()) + " %";
    }

    /** Returns a number with the fewest digits that read back as the same: {@code 5}, {@code 0.002}. */
    static String number(double value) {
        String plain = BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
        return Math.abs(value) > 0 && Math.abs(value) < 1e-4
                ? Double.toString(value).toLowerCase(Locale.ROOT)
                : plain;
    }
}
