package dev.changeling.config;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;

/** A configuration as text that is the same on every JDK, so that its hash is too. */
final class ConfigText {
    private ConfigText() {}

    static String yaml(RunConfig config) {
        StringBuilder text = new StringBuilder();
        String[] open = {};
        for (Map.Entry<String, Object> entry : ConfigKeys.values(config).entrySet()) {
            String[] names = entry.getKey().split("\\.", -1);
            boolean same = true;
            for (int depth = 0; depth < names.length - 1; depth++) {
                same = same && depth < open.length - 1 && open[depth].equals(names[depth]);
                if (!same) {
                    text.append("  ".repeat(depth)).append(names[depth]).append(":\n");
                }
            }
            open = names;
            text.append("  ".repeat(names.length - 1))
                    .append(names[names.length - 1])
                    .append(": ")
                    .append(scalar(entry.getValue()))
                    .append('\n');
        }
        return text.toString();
    }

    /** Returns a value as it is written in YAML. */
    static String scalar(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        return value instanceof Double number ? shortestDecimal(number) : value.toString();
    }

    /** The fewest digits that read back as the same number. {@link Double#toString} gives more before JDK 19. */
    private static String shortestDecimal(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal decimal = exact;
        for (int digits = 1; digits <= 17; digits++) {
            decimal = exact.round(new MathContext(digits));
            if (decimal.doubleValue() == value) {
                break;
            }
        }
        decimal = decimal.stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (value != 0 && (exponent < -3 || exponent > 6)) {
            BigDecimal mantissa = decimal.movePointLeft(exponent);
            // With a point, since YAML 1.1 readers take 1e-12 for a string.
            return withPoint(mantissa) + "e" + exponent;
        }
        return withPoint(decimal);
    }

    private static String withPoint(BigDecimal number) {
        return number.setScale(Math.max(1, number.scale())).toPlainString();
    }
}
