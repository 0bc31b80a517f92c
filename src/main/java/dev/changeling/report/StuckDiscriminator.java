package dev.changeling.report;

import java.util.Optional;

/**
 * Whether the discriminator does no better than one that calls every token an original: the state that a start without
 * luck stays in, and that a generator of no use or of too much use leads to.
 */
final class StuckDiscriminator {
    /**
     * Of the loss of always "original". [CLS] and [SEP], which are never replaced, are learnt at once, and bring a
     * short row's loss 2 or 3 % below it.
     */
    private static final double LOSS_RATIO = 0.97;

    /**
     * For the same reason not .5: on rows of 32 tokens those two alone are worth .59. Where replacements are drawn
     * evenly from the vocabulary, it counts for nothing: that most of it is rare words is enough for .75.
     */
    private static final double AUC = 0.62;

    private final RunHistory run;
    private final Windows windows;

    StuckDiscriminator(RunHistory run, Windows windows) {
        this.run = run;
        this.windows = windows;
    }

    /**
     * Returns what was found, if a discriminator learns to detect and its loss was measured where it can be compared.
     */
    Optional<Check> check() {
        RtdLine recent = recent();
        if (!run.game().detects() || !recent.isComparable()) {
            return Optional.empty();
        }
        boolean found = isAtChance();
        StringBuilder numbers = new StringBuilder(sentence(recent, windows.recent("rtd_auc")))
                .append(" (steps " + windows.recentSteps() + ")");
        long heldOutStep = heldOutStep();
        if (heldOutStep > 0) {
            numbers.append("; held-out ")
                    .append(sentence(heldOut(), run.lastHeldOut("rtd_auc")))
                    .append(" at step ")
                    .append(Amount.steps(heldOutStep));
        }
        if (found) {
            long since = since();
            numbers.append("; so ").append(since == 0 ? "from the start" : "since step " + Amount.steps(since));
        }
        return Optional.of(new Check(Condition.DISCRIMINATOR_STUCK, found, numbers.toString()));
    }

    /** Returns the last window's loss beside the majority's. */
    RtdLine recent() {
        return line(
                windows.recent("rtd_loss"), windows.recent("rtd_majority_loss"), windows.recent("replaced_fraction"));
    }

    private RtdLine heldOut() {
        return line(
                run.lastHeldOut("rtd_loss"),
                run.lastHeldOut("rtd_majority_loss"),
                run.lastHeldOut("replaced_fraction"));
    }

    private RtdLine line(double loss, double majority, double replaced) {
        return new RtdLine(loss, majority, !run.game().asksMaskedOnly() && !(replaced > 0.5));
    }

    /**
     * Returns whether the last window's numbers, and the held-out ones if there are any as new, are those of chance.
     */
    boolean isAtChance() {
        return isAtChance(windows.number() - 1)
                && (heldOutStep() == 0
                        || !heldOut().isComparable()
                        || isAtChance(
                                run.lastHeldOut("rtd_loss"),
                                run.lastHeldOut("rtd_majority_loss"),
                                run.lastHeldOut("rtd_auc")));
    }

    private boolean isAtChance(int window) {
        return isAtChance(
                windows.mean("rtd_loss", window),
                windows.mean("rtd_majority_loss", window),
                windows.mean("rtd_auc", window));
    }

    private boolean isAtChance(double loss, double majority, double auc) {
        boolean ranks = auc > AUC && !run.game().drawsEvenly();
        return loss > LOSS_RATIO * majority && !ranks;
    }

    /** Returns the step from which on every window is at chance. */
    private long since() {
        int window = windows.number() - 1;
        while (window > 0 && isAtChance(window - 1)) {
            window--;
        }
        return windows.start(window);
    }

    /** Returns the step of the last held-out scores; 0 if there are none that are nearly as new as the last step. */
    private long heldOutStep() {
        return run.series(RunHistory.HELD_OUT + "rtd_loss")
                .map(Series::lastStep)
                .filter(step -> step > windows.start(Math.max(0, windows.number() - 2)))
                .filter(step -> !Double.isNaN(run.lastHeldOut("rtd_majority_loss")))
                .orElse(0L);
    }

    private static String sentence(RtdLine line, double auc) {
        return "RTD loss " + Amount.of(line.loss()) + ", " + line.comparison() + " the " + Amount.of(line.majority())
                + " of " + line.name() + (Double.isNaN(auc) ? "" : ", AUC " + Amount.of(auc));
    }
}
