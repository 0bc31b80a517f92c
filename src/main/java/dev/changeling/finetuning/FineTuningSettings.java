package dev.changeling.finetuning;

import dev.changeling.config.OptimizerConfig;
import dev.changeling.config.ScheduleConfig;

/**
 * How a network is fine-tuned. The defaults of the command line are google's (configure_finetuning.py).
 *
 * @param epochs times that every example is seen
 * @param batchSize items a step
 * @param learningRate of the head, the highest of the schedule
 * @param layerDecay what the rate is multiplied by from each layer to the one below, see {@link LayerRates}
 * @param warmupFraction part of the steps in which the rate rises from 0
 * @param weightDecay decoupled, on all weights but LayerNorm and biases
 * @param dropout probability that a hidden unit is dropped
 * @param attentionDropout probability that an attention weight is dropped
 * @param patience epochs without a better score after which training ends and the best weights are taken; 0 to train
 *     through and take the last
 * @param newLayers how many of the last layers are drawn anew: what they have learnt is of the old task, and may stand
 *     in the way of the new one (Zhang et al., arXiv 2006.05987, section 5)
 */
public record FineTuningSettings(
        int epochs,
        int batchSize,
        double learningRate,
        double layerDecay,
        double warmupFraction,
        double weightDecay,
        double dropout,
        double attentionDropout,
        int patience,
        int newLayers) {

    /** Returns the steps of an epoch; the last may be of fewer items. */
    int stepsAnEpoch(int items) {
        return (items + batchSize - 1) / batchSize;
    }

    /** Returns the optimizer: google's, which has no bias correction. */
    OptimizerConfig optimizer() {
        return new OptimizerConfig(learningRate, 0.9, 0.999, 1e-6, false, weightDecay, 1);
    }

    /** Returns the learning rate's course: up, then straight down to 0. */
    ScheduleConfig schedule(int steps) {
        return new ScheduleConfig(ScheduleConfig.Shape.LINEAR, (int) (warmupFraction * steps), 0.1, 0);
    }
}
