package dev.changeling.report;

import java.util.Optional;

/**
 * Whether the discriminator keeps so few directions apart that its encoder is of little use to anyone. A verdict,
 * replaced or not, needs one direction: the RTD loss and the AUC can be good while all the others are lost.
 */
final class SqueezedEncoder {
    /**
     * Directions in use, see {@link dev.changeling.evaluation.Representation}, of states 128 wide or wider. Encoders
     * with 2 to 7 were worse after fine-tuning than those with 15 and more, the worst of them worse than random weights
     * (docs/experiments.md).
     */
    private static final double DIRECTIONS = 8;

    /** Of the width of narrower states. */
    private static final double SHARE = 1 / 16.0;

    private final RunHistory run;

    SqueezedEncoder(RunHistory run) {
        this.run = run;
    }

    /** Returns what was found, if the held-out states were measured and their width is known. */
    Optional<Check> check() {
        double directions = run.lastHeldOut("state_effective_rank");
        long width = run.stateWidth();
        if (Double.isNaN(directions) || width == 0) {
            return Optional.empty();
        }
        double cosine = run.lastHeldOut("state_mean_cosine");
        String numbers = "held-out states use " + Amount.of(directions) + " of " + width + " directions"
                + (Double.isNaN(cosine) ? "" : ", mean cosine of two of them " + Amount.of(cosine));
        return Optional.of(
                new Check(Condition.ENCODER_SQUEEZED, directions < Math.min(DIRECTIONS, SHARE * width), numbers));
    }
}
