package dev.changeling.study;

import dev.changeling.pretraining.RunStanding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What there is of a run so far.
 *
 * @param standing how far it has come
 * @param flops useful floating-point operations of its training up to there
 * @param heldOut scores on held-out text at its end, by the names of {@code metrics.jsonl}; none before
 * @param tasks scores after fine-tuning, by task
 * @param taskFailures why fine-tunings ended too early, by task
 * @param failure why it ended too early, a loss that is not finite for example; empty if it did not
 */
public record RunScores(
        RunStanding standing,
        double flops,
        Map<String, Double> heldOut,
        Map<String, TaskScore> tasks,
        Map<String, String> taskFailures,
        String failure) {
    public RunScores {
        heldOut = Collections.unmodifiableMap(new LinkedHashMap<>(heldOut));
        tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
        taskFailures = Collections.unmodifiableMap(new LinkedHashMap<>(taskFailures));
    }

    /** Returns what there is of a run that isn't finished. */
    static RunScores unfinished(RunStanding standing, double flops) {
        return new RunScores(standing, flops, Map.of(), Map.of(), Map.of(), "");
    }

    /** Returns whether it ended too early. */
    public boolean isFailed() {
        return !failure.isEmpty();
    }

    RunScores withTask(String name, TaskScore score) {
        Map<String, TaskScore> more = new LinkedHashMap<>(tasks);
        more.put(name, score);
        return new RunScores(standing, flops, heldOut, more, taskFailures, failure);
    }

    RunScores withTaskFailure(String name, String reason) {
        Map<String, String> more = new LinkedHashMap<>(taskFailures);
        more.put(name, reason);
        return new RunScores(standing, flops, heldOut, tasks, more, failure);
    }

    RunScores withFailure(String reason) {
        return new RunScores(standing, flops, heldOut, tasks, taskFailures, reason);
    }
}
