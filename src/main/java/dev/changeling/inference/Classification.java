package dev.changeling.inference;

import java.util.List;

/**
 * What a classifier says of a text.
 *
 * @param labels all labels, the likeliest first. Where one applies, their probabilities add up to 1; where several may,
 *     each has its own
 */
public record Classification(List<LabelProbability> labels) {
    /** Above it, a label applies where several may. */
    private static final double THRESHOLD = 0.5;

    public Classification {
        labels = List.copyOf(labels);
    }

    /** Returns the likeliest label. */
    public String label() {
        return labels.get(0).label();
    }

    /** Returns the probability of the likeliest label. */
    public double probability() {
        return labels.get(0).probability();
    }

    /**
     * Returns the labels that are more likely than not, the likeliest first: where several may apply, those that do.
     */
    public List<String> likely() {
        return labels.stream()
                .filter(label -> label.probability() > THRESHOLD)
                .map(LabelProbability::label)
                .toList();
    }
}
