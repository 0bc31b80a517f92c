package dev.changeling.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The numbers of one step, by name and in order.
 *
 * @param step steps done, from 1; 0 before the first
 * @param values {@link Long} or {@link Double} by name, for example {@code mlm_loss}
 */
public record Metrics(long step, Map<String, Number> values) {

    /** Copies the values. */
    public Metrics {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Starts the numbers of a step. */
    public static Builder at(long step) {
        return new Builder(step);
    }

    /** Returns the number of that name if there is one and it is finite. */
    public OptionalDouble finite(String name) {
        Number number = values.get(name);
        return number == null || !Double.isFinite(number.doubleValue())
                ? OptionalDouble.empty()
                : OptionalDouble.of(number.doubleValue());
    }

    /** Collects the numbers of a step in the order in which they are put. */
    public static final class Builder {
        private final long step;
        private final Map<String, Number> values = new LinkedHashMap<>();

        private Builder(long step) {
            this.step = step;
        }

        /** Adds a whole number. */
        public Builder put(String name, long value) {
            return add(name, value);
        }

        /** Adds a number. */
        public Builder put(String name, double value) {
            return add(name, value);
        }

        /** Returns what was put so far. */
        public Metrics build() {
            return new Metrics(step, values);
        }

        private Builder add(String name, Number value) {
            if (name.equals("step") || values.put(name, value) != null) {
                throw new IllegalArgumentException("two numbers are named " + name);
            }
            return this;
        }
    }
}
