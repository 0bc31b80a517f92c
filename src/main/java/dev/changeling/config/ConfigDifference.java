package dev.changeling.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A key that two configurations disagree on.
 *
 * @param key dotted, for example {@code training.batch_size}
 * @param left its value in the first, as YAML writes it
 * @param right its value in the second
 */
public record ConfigDifference(String key, String left, String right) {

    static List<ConfigDifference> between(RunConfig left, RunConfig right) {
        Map<String, Object> leftValues = ConfigKeys.values(left);
        Map<String, Object> rightValues = ConfigKeys.values(right);
        List<ConfigDifference> differences = new ArrayList<>();
        leftValues.forEach((key, value) -> {
            Object other = Objects.requireNonNull(rightValues.get(key));
            if (!value.equals(other)) {
                differences.add(new ConfigDifference(key, ConfigText.scalar(value), ConfigText.scalar(other)));
            }
        });
        return differences;
    }
}
