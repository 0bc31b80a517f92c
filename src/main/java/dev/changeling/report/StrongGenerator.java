package dev.changeling.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the generator is too strong: what it draws is right so often that few replacements are left, or they are so
 * good that the discriminator has lost, or is losing, its sight of them.
 */
final class StrongGenerator {
    /** Of its samples, how many are right. At the end of ELECTRA-Base's training it is about .6. */
    private static final double FEW_LEFT = 0.8;

    /** Of all tokens, how many are replaced. At the end of ELECTRA-Base's training it is about .06. */
    private static final double FEWEST_REPLACED = 0.02;

    /** Of its samples, how many are right, where that may be why the discriminator is at chance. */
    private static final double MANY_RIGHT = 0.5;

    /** Below its best, after warm-up. Early replacements are crude, so that a healthy AUC falls a little too. */
    private static final double AUC_LOST = 0.05;

    private static final double ACCURACY_WON = 0.02;

    private final Game game;
    private final Windows windows;
    private final StuckDiscriminator stuck;
    private final boolean isIdle;

    /** @param isIdle whether the generator knows token frequencies only: such a one can't be too strong by its skill */
    StrongGenerator(Game game, Windows windows, StuckDiscriminator stuck, boolean isIdle) {
        this.game = game;
        this.windows = windows;
        this.stuck = stuck;
        this.isIdle = isIdle;
    }

    /**
     * Returns what was found, if a discriminator is to find what a generator writes and anything was measured of that.
     */
    Optional<Check> check() {
        if (!game.generatorWrites() || !game.detects()) {
            return Optional.empty();
        }
        double right = windows.recent("sampled_accuracy");
        double replaced = windows.recent("replaced_fraction");
        boolean fewLeft = right >= FEW_LEFT || replaced <= FEWEST_REPLACED;
        boolean tooGood = right >= MANY_RIGHT && stuck.isAtChance();
        List<String> numbers = new ArrayList<>();
        if (!Double.isNaN(right)) {
            numbers.add(Amount.percent(right) + " of the generator's samples are right");
        }
        if (!Double.isNaN(replaced)) {
            numbers.add(Amount.percent(replaced)
                    + (game.asksMaskedOnly() ? " of the masked tokens are replaced" : " of the tokens are replaced"));
        }
        Optional<Integer> best = windows.greatest("rtd_auc", windows.firstAfterWarmup());
        double auc = windows.recent("rtd_auc");
        boolean losing = false;
        if (best.isPresent() && !Double.isNaN(auc)) {
            losing = !isIdle && isLosing(best.get());
            numbers.add("AUC " + Amount.of(auc) + ", at its best since the warm-up "
                    + Amount.of(windows.mean("rtd_auc", best.get())));
        }
        if (losing) {
            numbers.add("the generator's accuracy went from " + Amount.percent(windows.mean("mlm_accuracy", best.get()))
                    + " to " + Amount.percent(windows.recent("mlm_accuracy")) + " since");
        }
        // The area alone, without the generator's accuracy, decides nothing.
        boolean isMeasured =
                !Double.isNaN(right) || !Double.isNaN(replaced) || !Double.isNaN(windows.recent("mlm_accuracy"));
        return isMeasured && !numbers.isEmpty()
                ? Optional.of(new Check(
                        Condition.GENERATOR_TOO_STRONG, fewLeft || tooGood || losing, String.join(", ", numbers)))
                : Optional.empty();
    }

    /** The fewer replacements there are, the lower is any discriminator's loss: what it saves counts, as a share. */
    private boolean isLosing(int best) {
        return windows.mean("rtd_auc", best) - windows.recent("rtd_auc") >= AUC_LOST
                && windows.recent("mlm_accuracy") - windows.mean("mlm_accuracy", best) >= ACCURACY_WON
                && saved(windows.number() - 1) < saved(best);
    }

    private double saved(int window) {
        return 1 - windows.mean("rtd_loss", window) / windows.mean("rtd_majority_loss", window);
    }
}
