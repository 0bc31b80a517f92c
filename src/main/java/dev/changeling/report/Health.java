package dev.changeling.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The health of the game between generator and discriminator.
 *
 * @param condition the first that was found, in the order of {@link Condition}
 * @param checks what was looked for, with the numbers; the one of {@code condition} among them
 */
public record Health(Condition condition, List<Check> checks) {
    public Health {
        checks = List.copyOf(checks);
    }

    /** Decides how a run stands at its last step. */
    public static Health of(RunHistory run) {
        Windows windows = Windows.of(run);
        List<Check> checks = new ArrayList<>();
        checks.add(new Divergence(run, windows).check());
        boolean isTooEarly = windows.number() == 0
                || windows.firstAfterWarmup() == windows.number()
                || (run.lastStep() < verdictStep(run) && run.lastStep() < run.plannedSteps());
        if (!isTooEarly) {
            StuckDiscriminator stuck = new StuckDiscriminator(run, windows);
            checks.add(new CollapsedGenerator(run, windows).check());
            checks.add(new StrongGenerator(windows, stuck).check());
            checks.add(stuck.check());
            new IdleGenerator(run).check().ifPresent(checks::add);
        }
        Check rest = isTooEarly
                ? new Check(Condition.TOO_EARLY, true, tooEarly(run, windows))
                : new Check(Condition.HEALTHY, true, healthy(windows));
        Check first = checks.stream().filter(Check::found).findFirst().orElse(rest);
        if (first.equals(rest)) {
            checks.add(0, rest);
        }
        return new Health(first.condition(), checks);
    }

    /** Returns the numbers behind the condition, a sentence without its full stop. */
    public String reason() {
        return checks.stream()
                .filter(check -> check.condition() == condition)
                .findFirst()
                .map(Check::numbers)
                .orElseThrow();
    }

    /** Small networks sit on the majority's line for a while after the warm-up too, and leave it. */
    private static long verdictStep(RunHistory run) {
        return 2 * run.warmupSteps();
    }

    private static String tooEarly(RunHistory run, Windows windows) {
        String step = "step " + Amount.steps(run.lastStep());
        return windows.number() == 0
                ? step + ": too few numbers were written; expected nine lines or more"
                : step + ", with a warm-up of " + Amount.steps(run.warmupSteps()) + " steps; a verdict comes from step "
                        + Amount.steps(verdictStep(run)) + " on";
    }

    private static String healthy(Windows windows) {
        double loss = windows.recent("rtd_loss");
        double majority = windows.recent("rtd_majority_loss");
        List<String> numbers = new ArrayList<>();
        if (!Double.isNaN(loss / majority)) {
            double below = 1 - loss / majority;
            numbers.add("RTD loss " + Amount.percent(Math.abs(below)) + (below < 0 ? " above" : " below")
                    + " always “original”");
        }
        add(numbers, "AUC ", windows.recent("rtd_auc"));
        add(numbers, "MLM loss ", windows.recent("mlm_loss"));
        return String.join(", ", numbers) + " (steps " + windows.recentSteps() + ")";
    }

    private static void add(List<String> numbers, String words, double value) {
        if (!Double.isNaN(value)) {
            numbers.add(words + Amount.of(value));
        }
    }
}
