package dev.changeling.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The health of the game between generator and discriminator.
 *
 * @param condition the first that was found, in the order of {@link Condition}
 * @param checks what was looked for where it applies, with the numbers; the one of {@code condition} among them
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
        boolean isPlayed = run.game().isPlayed();
        StuckDiscriminator stuck = new StuckDiscriminator(run, windows);
        List<Check> ofGame = isTooEarly || !isPlayed ? List.of() : ofGame(run, windows, stuck);
        checks.addAll(ofGame);
        if (!isTooEarly) {
            new SqueezedEncoder(run).check().ifPresent(checks::add);
        }
        Check rest;
        if (!isPlayed) {
            rest = new Check(Condition.NO_GAME, true, new LoneNetwork(run, windows).numbers());
        } else if (isTooEarly) {
            rest = new Check(Condition.TOO_EARLY, true, tooEarly(run, windows));
        } else if (ofGame.isEmpty()) {
            rest = new Check(
                    Condition.NOTHING_MEASURED,
                    true,
                    "nothing was measured by which a network can be judged (steps " + windows.recentSteps() + ")");
        } else {
            rest = new Check(Condition.HEALTHY, true, healthy(windows, stuck.recent()));
        }
        Check first = checks.stream().filter(Check::found).findFirst().orElse(rest);
        if (first.equals(rest)) {
            checks.add(0, rest);
        }
        return new Health(first.condition(), checks);
    }

    /** Returns the checks that apply: of a network that is there and was measured. */
    private static List<Check> ofGame(RunHistory run, Windows windows, StuckDiscriminator stuck) {
        Optional<Check> idle = new IdleGenerator(run).check();
        boolean isIdle = idle.filter(Check::found).isPresent();
        return Stream.of(
                        new CollapsedGenerator(run, windows).check(),
                        new StrongGenerator(run.game(), windows, stuck, isIdle).check(),
                        stuck.check(),
                        idle)
                .flatMap(Optional::stream)
                .toList();
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

    private static String healthy(Windows windows, RtdLine line) {
        List<String> numbers = new ArrayList<>();
        if (!Double.isNaN(line.loss()) && !Double.isNaN(line.majority())) {
            numbers.add("RTD loss " + line.distance() + " " + line.name());
        }
        add(numbers, "AUC ", windows.recent("rtd_auc"));
        add(numbers, "MLM loss ", windows.recent("mlm_loss"));
        add(numbers, "correction loss ", windows.recent("correction_loss"));
        return (numbers.isEmpty() ? "nothing that was looked for was found" : String.join(", ", numbers)) + " (steps "
                + windows.recentSteps() + ")";
    }

    private static void add(List<String> numbers, String words, double value) {
        if (!Double.isNaN(value)) {
            numbers.add(words + Amount.of(value));
        }
    }
}
