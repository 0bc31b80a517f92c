package dev.changeling.config;

/**
 * The joint objective: what is hidden, what takes its place, and what each network learns from that. The loss is the
 * sum of the losses below, each times its weight; a weight of 0 leaves a loss out, with all that only it needs.
 *
 * @param masking which tokens the generator must predict
 * @param sampling what is written in their place
 * @param stages when each network learns
 * @param mlmWeight of the generator's likelihood loss L_MLM
 * @param adversarialWeight of the generator's reward for what the discriminator takes wrongly, by REINFORCE (Clark et
 *     al., arXiv 2003.10555, appendix F)
 * @param mixtureWeight of the discriminator's gradient, reversed, from which the mixture of the generator's heads
 *     learns (AMOS, arXiv 2204.03243); 0 for a mixture of equal parts
 * @param rtdWeight λ, of the discriminator's loss L_RTD, in the long run
 * @param rtdStartFactor what λ is multiplied by at the first step; in between, in a straight line
 * @param rtdBalance 0, or: λ is chosen at each step so that the gradient of λ · L_RTD is so many times as long as that
 *     of the generator's losses on the shared embeddings; {@code rtdWeight} is not looked at then
 * @param rtdPositions where the discriminator is asked
 * @param correctionWeight of the discriminator's loss of predicting the original tokens
 * @param correction how it predicts them
 * @param contrastWeight of the discriminator's loss of telling sequences apart (COCO-LM, arXiv 2102.08473)
 * @param cropFraction of a sequence, the part that is kept in the other view of it that contrast compares with
 * @param lossEpsilon added to the count that each loss is divided by (google run_pretraining.py:209 and 278)
 */
public record ObjectiveConfig(
        MaskingConfig masking,
        SamplingConfig sampling,
        StagesConfig stages,
        @Range(min = 0) double mlmWeight,
        @Range(min = 0) double adversarialWeight,
        @Range(min = 0) double mixtureWeight,
        @Range(min = 0) double rtdWeight,
        @Range(min = 0) double rtdStartFactor,
        @Range(min = 0) double rtdBalance,
        Positions rtdPositions,
        @Range(min = 0) double correctionWeight,
        Correction correction,
        @Range(min = 0) double contrastWeight,
        @Range(above = 0, max = 1) double cropFraction,
        @Range(above = 0) double lossEpsilon) {

    /** Which positions of a text. */
    public enum Positions {
        /** Every token. */
        ALL,
        /** The masked ones. */
        MASKED
    }

    /** How the discriminator predicts original tokens (Clark et al., arXiv 2003.10555, section 3.4). */
    public enum Correction {
        /** At the masked positions, of the text with [MASK] in it: BERT's masked language model. */
        BERT,
        /** At the masked positions, of the text with replacements in it: Replace MLM. */
        REPLACE,
        /** At every position, with a learned gate that copies the token that stands there: All-tokens MLM. */
        ALL_TOKENS,
        /**
         * At the masked positions, with what replaced token detection says as the gate, which learns nothing from it:
         * COCO-LM's corrective language model (arXiv 2102.08473, section 3.2).
         */
        CORRECTIVE
    }

    /**
     * Returns λ at some place in the run, before it is balanced.
     *
     * @param progress the part of the run that is done, 0 to 1
     */
    public double rtdWeightAt(double progress) {
        return rtdBalance > 0 ? 1 : rtdWeight * (rtdStartFactor + progress * (1 - rtdStartFactor));
    }

    /** Returns whether the discriminator tells replaced tokens from others, by itself or as a gate. */
    public boolean detects() {
        return rtdWeight > 0 || rtdBalance > 0 || (correctionWeight > 0 && correction == Correction.ALL_TOKENS);
    }

    /** Returns whether the discriminator predicts original tokens. */
    public boolean corrects() {
        return correctionWeight > 0;
    }

    /** Returns whether the discriminator reads a text with replacements in it. */
    public boolean replaces() {
        return !(corrects() && correction == Correction.BERT);
    }

    /** Returns whether the generator has any use. */
    public boolean generates() {
        return mlmWeight > 0 || adversarialWeight > 0 || generatorWrites();
    }

    /** Returns whether the discriminator reads anything that the generator has written. */
    public boolean generatorWrites() {
        return replaces() && sampling.usesGenerator();
    }

    /**
     * Returns whether the generator learns at all.
     *
     * @param steps of the run
     */
    public boolean trainsGenerator(long steps) {
        return (mlmWeight > 0 || adversarialWeight > 0 || mixtureWeight > 0)
                && stages.generator(steps).has(0);
    }

    /** Returns whether the discriminator learns to say anything: what is kept has a head that was trained. */
    public boolean trainsDiscriminator() {
        return detects() || corrects();
    }

    /** Returns ELECTRA's objective as published: 15 % masked, λ = 50. */
    public static ObjectiveConfig published() {
        return new ObjectiveConfig(
                new MaskingConfig(0.15, 1, 0.005, MaskingConfig.Unit.TOKEN, 0.85, 0),
                new SamplingConfig(1, 1, 0.1, 0.3, false, 0, 0),
                new StagesConfig(0, 1, false),
                1,
                0,
                0,
                50,
                1,
                0,
                Positions.ALL,
                0,
                Correction.ALL_TOKENS,
                0,
                0.9,
                1e-6);
    }

    /** Returns the same objective with other weights of its two main losses. */
    public ObjectiveConfig withWeights(double mlm, double rtd) {
        return with(masking, sampling, mlm, rtd);
    }

    /** Returns the same objective with other masks. */
    public ObjectiveConfig withMasking(MaskingConfig other) {
        return with(other, sampling, mlmWeight, rtdWeight);
    }

    /** Returns the same objective with other replacements. */
    public ObjectiveConfig withSampling(SamplingConfig other) {
        return with(masking, other, mlmWeight, rtdWeight);
    }

    /** Returns the same objective with every replacement the generator's, as published. */
    public ObjectiveConfig withGeneratorAlone() {
        return withSampling(sampling.withGeneratorAlone());
    }

    private ObjectiveConfig with(MaskingConfig otherMasking, SamplingConfig otherSampling, double mlm, double rtd) {
        return new ObjectiveConfig(
                otherMasking,
                otherSampling,
                stages,
                mlm,
                adversarialWeight,
                mixtureWeight,
                rtd,
                rtdStartFactor,
                rtdBalance,
                rtdPositions,
                correctionWeight,
                correction,
                contrastWeight,
                cropFraction,
                lossEpsilon);
    }
}
