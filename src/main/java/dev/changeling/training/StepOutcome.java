package dev.changeling.training;

import dev.changeling.dynamics.Dynamics;
import dev.changeling.objective.Loss;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a step did.
 *
 * @param loss the weighted sum of the losses
 * @param losses each of them before weighting, nats
 * @param gradientNorm before clipping; of the discriminator's gradient, where each network has an optimizer of its own
 * @param learningRate that was applied
 * @param tokens real tokens seen
 * @param dynamics what it did to the weights, if that was measured, else null
 */
public record StepOutcome(
        double loss,
        Map<Loss, Double> losses,
        double gradientNorm,
        double learningRate,
        long tokens,
        @Nullable Dynamics dynamics) {

    public StepOutcome {
        Map<Loss, Double> copy = new EnumMap<>(Loss.class);
        copy.putAll(losses);
        losses = Collections.unmodifiableMap(copy);
    }

    /** Returns L_MLM, nats a masked position; NaN if the generator was not asked. */
    public double mlmLoss() {
        return losses.getOrDefault(Loss.MLM, Double.NaN);
    }

    /** Returns L_RTD, nats a token; NaN if the discriminator did not detect replaced tokens. */
    public double rtdLoss() {
        return losses.getOrDefault(Loss.RTD, Double.NaN);
    }
}
