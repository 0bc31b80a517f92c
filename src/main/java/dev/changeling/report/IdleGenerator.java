package dev.changeling.report;

/**
 * Whether the generator predicts no better than the token frequencies of the training text do: its gradient is too
 * small beside the discriminator's, or training has not begun to bite. What the discriminator then finds is crude.
 */
final class IdleGenerator {
    /** Of the loss of the frequencies. A generator learns them first, and stays on them for a while. */
    private static final double LOSS_RATIO = 0.98;

    private final RunHistory run;

    IdleGenerator(RunHistory run) {
        this.run = run;
    }

    Check check() {
        double loss = heldOut("mlm_loss");
        double unigrams = heldOut("unigram_cross_entropy");
        if (Double.isNaN(loss) || Double.isNaN(unigrams)) {
            return new Check(
                    Condition.GENERATOR_IDLE, false, "no held-out MLM loss was measured beside the frequencies'");
        }
        double below = 1 - loss / unigrams;
        return new Check(
                Condition.GENERATOR_IDLE,
                loss > LOSS_RATIO * unigrams,
                "held-out MLM loss " + Amount.of(loss) + ", " + Amount.percent(Math.abs(below))
                        + (below > 0 ? " below" : " above") + " the " + Amount.of(unigrams)
                        + " of the training text's token frequencies");
    }

    private double heldOut(String name) {
        return run.series(RunHistory.HELD_OUT + name)
                .flatMap(series -> series.last().stream().boxed().findFirst())
                .orElse(Double.NaN);
    }
}
