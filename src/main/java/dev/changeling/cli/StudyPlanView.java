package dev.changeling.cli;

import dev.changeling.pretraining.RunStanding;
import dev.changeling.pretraining.StepTiming;
import dev.changeling.study.PlannedRun;
import dev.changeling.study.RunScores;
import dev.changeling.study.Study;
import dev.changeling.study.StudyPlan;
import dev.changeling.study.StudyScores;
import dev.changeling.study.StudyTask;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a study would do, for a person.
 *
 * @param plan the study
 * @param scores what there is of it
 * @param work useful floating-point operations of each run, whole
 * @param secondsLeft of training, for each run
 * @param measured by what these are estimated
 */
record StudyPlanView(StudyPlan plan, StudyScores scores, List<Double> work, List<Double> secondsLeft, String measured) {
    private static final double TRIAL_SECONDS = 2;

    /**
     * Estimates the time that is left: by the steps that were done, or, if there are none, by some of the first arm.
     */
    static StudyPlanView of(StudyPlan plan, Study study) throws IOException {
        StudyScores scores = study.scores();
        double seconds = 0;
        double flops = 0;
        for (RunScores run : scores.runs()) {
            seconds += run.standing().seconds();
            flops += run.flops();
        }
        boolean begun = seconds > 0 && flops > 0;
        PlannedRun first = plan.runs().get(0);
        double secondsAFlop = begun
                ? seconds / flops
                : StepTiming.secondsAStep(first.config(), study.dataset(), TRIAL_SECONDS) / study.flopsAStep(first);
        List<Double> work = new ArrayList<>();
        List<Double> left = new ArrayList<>();
        for (int i = 0; i < plan.runs().size(); i++) {
            PlannedRun run = plan.runs().get(i);
            RunStanding standing = scores.runs().get(i).standing();
            boolean over = standing.finished() || scores.runs().get(i).isFailed();
            long steps = over ? 0 : run.steps() - standing.step();
            work.add(run.steps() * study.flopsAStep(run));
            left.add(steps * study.flopsAStep(run) * secondsAFlop);
        }
        return new StudyPlanView(
                plan,
                scores,
                work,
                left,
                begun
                        ? "the steps that were done"
                        : "a trial of the arm " + first.arm().name());
    }

    void print(boolean json, PrintWriter print) {
        if (json) {
            JsonArgument.write(byName(), print);
        } else {
            lines().forEach(print::println);
        }
        print.flush();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%d arms × %d seeds on %s, into %s",
                plan.study().arms().size(),
                plan.study().seeds().size(),
                plan.data(),
                plan.out()));
        int widest =
                plan.runs().stream().mapToInt(run -> run.label().length()).max().orElse(0);
        for (int i = 0; i < plan.runs().size(); i++) {
            PlannedRun run = plan.runs().get(i);
            lines.add(String.format(
                            Locale.ROOT,
                            "%4d  %-" + widest + "s  %,9d steps  %,10.2f TFLOP  %-14s  %s",
                            i + 1,
                            run.label(),
                            run.steps(),
                            work.get(i) / 1e12,
                            state(i),
                            secondsLeft.get(i) == 0 ? "" : "about " + time(secondsLeft.get(i)))
                    .stripTrailing());
        }
        if (!plan.study().tasks().isEmpty()) {
            lines.add("Each run is fine-tuned on "
                    + String.join(
                            ", ",
                            plan.study().tasks().stream().map(StudyTask::name).toList())
                    + ": " + tasksLeft() + " of "
                    + plan.runs().size() * plan.study().tasks().size() + " are to do"
                    + (tasksFailed() == 0 ? "." : ", " + tasksFailed() + " failed."));
        }
        lines.add("Training left: about " + time(total()) + ", by " + measured
                + "; held-out scores and fine-tuning take more.");
        scores.failures().forEach(failure -> lines.add("failed: " + failure));
        return lines;
    }

    private double total() {
        return secondsLeft.stream().mapToDouble(Double::doubleValue).sum();
    }

    private int tasksLeft() {
        return scores.runs().stream()
                .filter(run -> !run.isFailed())
                .mapToInt(run -> plan.study().tasks().size()
                        - run.tasks().size()
                        - run.taskFailures().size())
                .sum();
    }

    private int tasksFailed() {
        return scores.runs().stream().mapToInt(run -> run.taskFailures().size()).sum();
    }

    private String state(int place) {
        RunStanding standing = scores.runs().get(place).standing();
        if (standing.finished()) {
            return "finished";
        }
        if (scores.runs().get(place).isFailed()) {
            return "failed";
        }
        return standing.started() ? String.format(Locale.ROOT, "from step %,d", standing.step()) : "to do";
    }

    private static String time(double seconds) {
        return Clock.of(Duration.ofSeconds(Math.round(seconds)));
    }

    private Map<String, Object> byName() {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("data", plan.data().toString());
        names.put("out", plan.out().toString());
        List<Map<String, Object>> runs = new ArrayList<>();
        for (int i = 0; i < plan.runs().size(); i++) {
            PlannedRun run = plan.runs().get(i);
            RunStanding standing = scores.runs().get(i).standing();
            Map<String, Object> named = new LinkedHashMap<>();
            named.put("arm", run.arm().name());
            named.put("seed", run.seed());
            named.put("steps", run.steps());
            named.put("useful_flops", work.get(i));
            named.put("step", standing.step());
            named.put("finished", standing.finished());
            named.put("failed", scores.runs().get(i).isFailed());
            named.put("seconds_left", secondsLeft.get(i));
            runs.add(named);
        }
        names.put("runs", runs);
        names.put("tasks_left", tasksLeft());
        names.put("tasks_failed", tasksFailed());
        names.put("failures", scores.failures());
        names.put("seconds_left", total());
        return names;
    }
}
