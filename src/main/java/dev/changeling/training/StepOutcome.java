package dev.changeling.training;

import dev.changeling.dynamics.Dynamics;
import org.jspecify.annotations.Nullable;

/**
 * What a step did.
 *
 * @param loss the weighted sum of both losses
 * @param mlmLoss of the generator, nats a masked position
 * @param rtdLoss of the discriminator, nats a token
 * @param gradientNorm before clipping
 * @param learningRate that was applied
 * @param tokens real tokens seen
 * @param dynamics what it did to the weights, if that was measured, else null
 */
public record StepOutcome(
        double loss,
        double mlmLoss,
        double rtdLoss,
        double gradientNorm,
        double learningRate,
        long tokens,
        @Nullable Dynamics dynamics) {}
