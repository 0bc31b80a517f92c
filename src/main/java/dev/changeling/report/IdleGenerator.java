package dev.changeling.report;

import java.util.Optional;

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

    /** Returns what was found, if there is a generator, and held-out scores to tell it by. */
    Optional<Check> check() {
        double loss = run.lastHeldOut("mlm_loss");
        double unigrams = run.lastHeldOut("unigram_cross_entropy");
        if (!run.game().generates() || Double.isNaN(loss) || !(unigrams > 0)) {
            return Optional.empty();
        }
        double below = 1 - loss / unigrams;
        String numbers = "held-out MLM loss " + Amount.of(loss) + ", " + Amount.percent(Math.abs(below))
                + (below > 0 ? " below" : " above") + " the " + Amount.of(unigrams)
                + " of the training text's token frequencies";
        return Optional.of(new Check(Condition.GENERATOR_IDLE, loss > LOSS_RATIO * unigrams, numbers));
    }
}
