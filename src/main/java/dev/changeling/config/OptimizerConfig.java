package dev.changeling.config;

/**
 * AdamW, one over both networks.
 *
 * @param learningRate the highest learning rate of the schedule
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param epsilon added to the root of the second moment
 * @param biasCorrection whether the moments are corrected for starting at 0; google's code does not
 * @param weightDecay decoupled, on all weights but LayerNorm and biases
 * @param clipNorm largest global norm of the gradient; 0 for no clipping
 */
public record OptimizerConfig(
        @Range(above = 0) double learningRate,
        @Range(min = 0, below = 1) double beta1,
        @Range(min = 0, below = 1) double beta2,
        @Range(above = 0) double epsilon,
        boolean biasCorrection,
        @Range(min = 0) double weightDecay,
        @Range(min = 0) double clipNorm) {}
