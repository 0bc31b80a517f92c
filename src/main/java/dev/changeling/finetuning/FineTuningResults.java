package dev.changeling.finetuning;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The scores of a fine-tuning and how they came about, as {@code results.json} has them. */
public final class FineTuningResults {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private FineTuningResults() {}

    /** Returns one JSON object. */
    public static JsonNode of(FineTuningPlan plan, FineTuningReport report) {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("task", report.kind().title());
        results.put("model", plan.model().toString());
        results.put("from_scratch", plan.fromScratch());
        results.put("train_examples", report.train());
        results.put("dev_examples", report.dev());
        results.put("metric", report.primary());
        results.put("scores", report.spreads());
        results.put("best_seed", report.best());
        if (!report.settings().isEmpty()) {
            results.put("best_settings", report.settings());
        }
        results.put(
                "seeds", report.seeds().stream().map(FineTuningResults::seed).toList());
        results.put("settings", plan.settings());
        return JSON.valueToTree(results);
    }

    private static Map<String, Object> seed(SeedResult result) {
        Map<String, Object> seed = new LinkedHashMap<>();
        seed.put("seed", result.seed());
        seed.put("epoch", result.epoch());
        seed.put("scores", result.scores().values());
        if (!result.scores().settings().isEmpty()) {
            seed.put("best_settings", result.scores().settings());
        }
        seed.put("losses", result.losses());
        return seed;
    }
}
