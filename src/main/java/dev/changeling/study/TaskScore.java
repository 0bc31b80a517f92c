package dev.changeling.study;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How well a run's network does after fine-tuning.
 *
 * @param metric that decides
 * @param values of all measures, each the median over the trainings, the deciding one among them
 */
public record TaskScore(String metric, Map<String, Double> values) {

    /** Returns the measure that decides. */
    public double value() {
        return values.getOrDefault(metric, Double.NaN);
    }

    /**
     * Reads the results of a fine-tuning.
     *
     * @throws InputException if they are not there or no such file
     */
    static TaskScore read(Path folder) {
        Path file = folder.resolve("results.json");
        try {
            JsonNode results = JsonMapper.shared().readTree(Files.readAllBytes(file));
            String metric = results.path("metric").asString("");
            Map<String, Double> values = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> score : results.path("scores").properties()) {
                if (score.getValue().path("median").isNumber()) {
                    values.put(score.getKey(), score.getValue().path("median").doubleValue());
                }
            }
            if (!values.containsKey(metric)) {
                throw new InputException(file + ": lacks the metric and its median, expected what finetune writes");
            }
            return new TaskScore(metric, values);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } catch (JacksonException e) {
            throw new InputException(file + ": not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
