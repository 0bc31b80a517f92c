package dev.changeling.study;

import dev.changeling.evaluation.Spread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What there is of a study so far.
 *
 * @param plan the study
 * @param dataset SHA-256 of the data set
 * @param runs by the place in {@link StudyPlan#runs}
 */
public record StudyScores(StudyPlan plan, String dataset, List<RunScores> runs) {
    public StudyScores {
        runs = List.copyOf(runs);
    }

    /** Returns a run and what there is of it. */
    record Entry(PlannedRun run, RunScores scores) {}

    List<Entry> entriesOf(StudyArm arm) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            if (plan.runs().get(i).arm().name().equals(arm.name())) {
                entries.add(new Entry(plan.runs().get(i), runs.get(i)));
            }
        }
        return entries;
    }

    private Stream<RunScores> finished(StudyArm arm) {
        return entriesOf(arm).stream()
                .map(Entry::scores)
                .filter(scores -> scores.standing().finished());
    }

    /** Returns how many runs of an arm are finished. */
    int finishedRuns(StudyArm arm) {
        return (int) finished(arm).count();
    }

    /** Returns whether all there is to do is done. */
    public boolean isComplete() {
        return runs.stream()
                .allMatch(run -> run.standing().finished()
                        && run.tasks().size() == plan.study().tasks().size());
    }

    /** Returns why runs and fine-tunings have ended too early, a line each, with what is to be done to try again. */
    public List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            PlannedRun run = plan.runs().get(i);
            RunScores made = runs.get(i);
            if (made.isFailed()) {
                // A run that wasn't started waits for another, and has no folder.
                failures.add(run.label() + ": " + made.failure()
                        + (made.standing().started() ? tryAgain(run.folder()) : ""));
            }
            for (StudyTask task : plan.study().tasks()) {
                String reason = made.taskFailures().get(task.name());
                if (reason != null) {
                    failures.add(run.label() + ", " + task.name() + ": " + reason + tryAgain(plan.folder(run, task)));
                }
            }
        }
        return failures;
    }

    private String tryAgain(Path folder) {
        return "; to try again, delete " + plan.out().relativize(folder);
    }

    /** Returns the spread of a number over the finished runs of an arm that have it; none if no run has. */
    Optional<Spread> spread(StudyArm arm, Function<RunScores, Optional<Double>> number) {
        double[] measured = finished(arm)
                .flatMap(run -> number.apply(run).stream())
                .mapToDouble(Double::doubleValue)
                .toArray();
        return measured.length == 0 ? Optional.empty() : Optional.of(Spread.of(Arrays.stream(measured)));
    }

    /** Returns the names of the held-out scores that any finished run has, in their order. */
    Set<String> heldOutNames() {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(run.heldOut().keySet()));
        return names;
    }

    /** Returns the spreads of an arm by name: held-out scores, each task's metric, tokens, useful work and time. */
    Map<String, Spread> spreads(StudyArm arm) {
        Map<String, Spread> spreads = new LinkedHashMap<>();
        for (String name : heldOutNames()) {
            spread(arm, heldOut(name)).ifPresent(spread -> spreads.put(name, spread));
        }
        for (StudyTask task : plan.study().tasks()) {
            spread(arm, task(task.name())).ifPresent(spread -> spreads.put("task." + task.name(), spread));
        }
        spread(arm, tokens()).ifPresent(spread -> spreads.put("tokens", spread));
        spread(arm, flops()).ifPresent(spread -> spreads.put("useful_flops", spread));
        spread(arm, seconds()).ifPresent(spread -> spreads.put("seconds", spread));
        return spreads;
    }

    static Function<RunScores, Optional<Double>> heldOut(String name) {
        return run -> Optional.ofNullable(run.heldOut().get(name));
    }

    static Function<RunScores, Optional<Double>> task(String name) {
        return run -> Optional.ofNullable(run.tasks().get(name)).map(TaskScore::value);
    }

    static Function<RunScores, Optional<Double>> tokens() {
        return run -> Optional.of((double) run.standing().tokens());
    }

    static Function<RunScores, Optional<Double>> flops() {
        return run -> Optional.of(run.flops());
    }

    static Function<RunScores, Optional<Double>> seconds() {
        return run -> Optional.of(run.standing().seconds());
    }
}
