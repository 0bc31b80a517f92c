package dev.changeling.config;

/**
 * AdamW.
 *
 * @param learningRate the highest learning rate of the schedule
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param epsilon added to the root of the second moment
 * @param biasCorrection whether the moments are corrected for starting at 0; google's code does not
 * @param weightDecay decoupled, on all weights but LayerNorm and biases
 * @param clipNorm largest global norm of the gradient; 0 for no clipping
 * @param update whether one optimizer trains both networks or each has its own
 * @param generatorRateFactor what the learning rate is multiplied by for the generator's own weights, and, where the
 *     networks have optimizers of their own, for all that the generator's trains
 */
public record OptimizerConfig(
        @Range(above = 0) double learningRate,
        @Range(min = 0, below = 1) double beta1,
        @Range(min = 0, below = 1) double beta2,
        @Range(above = 0) double epsilon,
        boolean biasCorrection,
        @Range(min = 0) double weightDecay,
        @Range(min = 0) double clipNorm,
        Update update,
        @Range(above = 0) double generatorRateFactor) {

    /** Which optimizer trains what. */
    public enum Update {
        /** One over both networks: one step of the sum of the losses. */
        TOGETHER,
        /**
         * One for each network, with moments and a gradient norm of its own, the generator's step first (DeBERTaV3;
         * Dong et al., ICML 2023). What the networks share is stepped by both.
         */
        APART
    }

    /** Makes one optimizer over both networks. */
    public OptimizerConfig(
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            boolean biasCorrection,
            double weightDecay,
            double clipNorm) {
        this(learningRate, beta1, beta2, epsilon, biasCorrection, weightDecay, clipNorm, Update.TOGETHER, 1);
    }
}
