package dev.changeling.config;

/**
 * Where replacements come from.
 *
 * @param temperature T in softmax(logits / T), from which the generator's are drawn, in the long run
 * @param startFactor what T is multiplied by at the first step
 * @param startDecay τ, the part of the run in which that factor's distance from 1 falls to 1/e of itself (after
 *     Fast-ELECTRA, arXiv 2310.07347)
 * @param mixtureTemperature of the Gumbel-softmax that stands for the draw where the mixture of several heads learns
 *     (AMOS, arXiv 2204.03243)
 * @param disallowCorrect whether the generator may not draw the original token
 * @param unigramFraction of the replacements, the part drawn from the training text's token frequencies in place of the
 *     generator's prediction
 * @param uniformFraction of the replacements, the part drawn evenly from the vocabulary. Together with
 *     {@code unigramFraction} at most 1
 */
public record SamplingConfig(
        @Range(above = 0) double temperature,
        @Range(above = 0) double startFactor,
        @Range(above = 0) double startDecay,
        @Range(above = 0) double mixtureTemperature,
        boolean disallowCorrect,
        @Range(min = 0, max = 1) double unigramFraction,
        @Range(min = 0, max = 1) double uniformFraction) {

    /**
     * Returns T at some place in the run.
     *
     * @param progress the part of the run that is done, 0 to 1
     */
    public double temperatureAt(double progress) {
        return temperature * (1 + (startFactor - 1) * Math.exp(-progress / startDecay));
    }

    /** Returns the same with every replacement the generator's. */
    public SamplingConfig withGeneratorAlone() {
        return withFractions(0, 0);
    }

    /** Returns the same with other parts drawn without the generator. */
    public SamplingConfig withFractions(double unigram, double uniform) {
        return new SamplingConfig(
                temperature, startFactor, startDecay, mixtureTemperature, disallowCorrect, unigram, uniform);
    }

    /** Returns whether any replacement is the generator's. */
    public boolean usesGenerator() {
        return unigramFraction + uniformFraction < 1;
    }
}
