package dev.changeling.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Amount {
    private Amount() {}

    /** Returns {@code 15,230}. */
    static String steps(long steps) {
        return String.format(Locale.ROOT, "%,d", steps);
    }

    /** Returns {@code 12.4}, {@code 3.70} or {@code .381}: three digits. */
    static String of(double value) {
        double size = Math.abs(value);
        if (!Double.isFinite(value)) {
            return "not finite";
        }
        if (size < 1e-4 && size > 0) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** Returns {@code 13 %}, {@code 1.4 %}. */
    static String percent(double share) {
        double percent = 100 * share;
        if (!Double.isFinite(percent)) {
            return "not finite";
        }
        return String.format(Locale.ROOT, Math.abs(percent) < 9.95 ? "%.1f %%" : "%.0f %%", percent);
    }
}
