package dev.changeling.finetuning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How good predictions are, by the names of the measures.
 *
 * @param primary the measure by which one is better than another; higher is better
 * @param values all measures, the primary among them
 */
public record TaskScores(String primary, Map<String, Double> values) {
    public TaskScores {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        if (!values.containsKey(primary)) {
            throw new IllegalArgumentException("no measure is named " + primary);
        }
    }

    /** Returns the primary measure. */
    public double value() {
        Double value = values.get(primary);
        return value == null ? Double.NaN : value;
    }
}
