package dev.changeling.finetuning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How good predictions are, by the names of the measures.
 *
 * @param primary the measure by which one is better than another; higher is better
 * @param values all measures, the primary among them
 * @param settings what suits this network best, such as a threshold: it says nothing of another
 */
public record TaskScores(String primary, Map<String, Double> values, Map<String, Double> settings) {
    /** Scores of what needs no settings. */
    public TaskScores(String primary, Map<String, Double> values) {
        this(primary, values, Map.of());
    }

    public TaskScores {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
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
