package dev.changeling.config;

/**
 * The joint objective {@code L = mlmWeight · L_MLM + rtdWeight · L_RTD}.
 *
 * @param maskFraction p, the part of a sequence's tokens that is masked
 * @param maskMargin a sequence has at most ⌊(p + margin) · S⌋ masked positions
 * @param maskTokenFraction of the masked positions, the part where the generator sees [MASK]
 * @param randomTokenFraction of the masked positions, the part where it sees a random token; elsewhere it sees the
 *     original
 * @param samplingTemperature T in softmax(logits / T), from which replacements are drawn
 * @param mlmWeight weight of the generator's loss
 * @param rtdWeight λ, weight of the discriminator's loss
 */
public record ObjectiveConfig(
        double maskFraction,
        double maskMargin,
        double maskTokenFraction,
        double randomTokenFraction,
        double samplingTemperature,
        double mlmWeight,
        double rtdWeight) {}
