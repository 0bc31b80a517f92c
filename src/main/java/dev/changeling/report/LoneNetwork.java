package dev.changeling.report;

import java.util.ArrayList;
import java.util.List;

/** What there is to tell of a run in which one network learns alone, as BERT does. */
final class LoneNetwork {
    private static final String CORRECTION_LOSS = "correction_loss";

    private final RunHistory run;
    private final Windows windows;

    LoneNetwork(RunHistory run, Windows windows) {
        this.run = run;
        this.windows = windows;
    }

    /** Returns how well it predicts, beside one that knows token frequencies only. */
    String numbers() {
        List<String> numbers = new ArrayList<>();
        if (windows.number() > 0 && !Double.isNaN(windows.recent(CORRECTION_LOSS))) {
            numbers.add("correction loss " + Amount.of(windows.recent(CORRECTION_LOSS)) + " (steps "
                    + windows.recentSteps() + ")");
        }
        double loss = run.lastHeldOut(CORRECTION_LOSS);
        double unigrams = run.lastHeldOut("unigram_cross_entropy");
        if (!Double.isNaN(loss)) {
            numbers.add("held-out correction loss " + Amount.of(loss)
                    + (unigrams > 0
                            ? ", " + Amount.percent(Math.abs(1 - loss / unigrams))
                                    + (loss < unigrams ? " below" : " above") + " the " + Amount.of(unigrams)
                                    + " of the training text's token frequencies"
                            : ""));
        }
        return numbers.isEmpty()
                ? "step " + Amount.steps(run.lastStep()) + ": too few numbers were written"
                : String.join("; ", numbers);
    }
}
