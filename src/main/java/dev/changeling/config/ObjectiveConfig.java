package dev.changeling.config;

/**
 * The joint objective {@code L = mlmWeight · L_MLM + rtdWeight · L_RTD}.
 *
 * @param maskFraction p, the part of a sequence's tokens that is masked
 * @param maskMargin a sequence has at most ⌊(p + margin) · S⌋ masked positions
 * @param maskTokenFraction of the masked positions, the part where the generator sees [MASK]
 * @param randomTokenFraction of the masked positions, the part where it sees a random token; elsewhere it sees the
 *     original. Together with {@code maskTokenFraction} at most 1
 * @param samplingTemperature T in softmax(logits / T), from which replacements are drawn
 * @param unigramFraction of the replacements, the part drawn from the training text's token frequencies in place of the
 *     generator's prediction
 * @param mlmWeight weight of the generator's loss
 * @param rtdWeight λ, weight of the discriminator's loss
 * @param lossEpsilon added to the count that each loss is divided by (google run_pretraining.py:209 and 278)
 */
public record ObjectiveConfig(
        @Range(above = 0, below = 1) double maskFraction,
        @Range(min = 0, below = 1) double maskMargin,
        @Range(min = 0, max = 1) double maskTokenFraction,
        @Range(min = 0, max = 1) double randomTokenFraction,
        @Range(above = 0) double samplingTemperature,
        @Range(min = 0, max = 1) double unigramFraction,
        @Range(min = 0) double mlmWeight,
        @Range(min = 0) double rtdWeight,
        @Range(above = 0) double lossEpsilon) {

    /** Returns the same objective with every replacement the generator's, as published. */
    public ObjectiveConfig withGeneratorAlone() {
        return new ObjectiveConfig(
                maskFraction,
                maskMargin,
                maskTokenFraction,
                randomTokenFraction,
                samplingTemperature,
                0,
                mlmWeight,
                rtdWeight,
                lossEpsilon);
    }
}
