package dev.changeling.finetuning;

import dev.changeling.evaluation.Spread;
import dev.changeling.hub.TaskKind;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The scores of a fine-tuning. What to quote is the median over seeds; that of the best seed is chosen on the examples
 * that it is scored on, and flatters.
 *
 * @param kind of the task
 * @param train examples that were learnt from
 * @param dev examples that were scored on
 * @param seeds the result of each training
 * @param best the seed whose network was written
 */
public record FineTuningReport(TaskKind kind, int train, int dev, List<SeedResult> seeds, long best) {
    public FineTuningReport {
        seeds = List.copyOf(seeds);
    }

    /** Returns the name of the measure that decides. */
    public String primary() {
        return seeds.get(0).scores().primary();
    }

    /** Returns what suits the network that is kept best, see {@link TaskScores#settings}. */
    public Map<String, Double> settings() {
        return seeds.stream()
                .filter(seed -> seed.seed() == best)
                .findFirst()
                .orElseThrow()
                .scores()
                .settings();
    }

    /** Returns the spread of each measure over the seeds; of a measure that only some have, over these. */
    public Map<String, Spread> spreads() {
        Map<String, Spread> spreads = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        seeds.forEach(seed -> names.addAll(seed.scores().values().keySet()));
        for (String name : names) {
            spreads.put(
                    name,
                    Spread.of(seeds.stream()
                            .map(seed -> seed.scores().values().get(name))
                            .filter(value -> value != null)
                            .mapToDouble(Double::doubleValue)));
        }
        return spreads;
    }
}
