package dev.changeling.config;

/**
 * Which tokens the generator must predict, and what it reads in their place.
 *
 * @param fraction p, the part of a sequence's tokens that is masked, at the start of the run
 * @param finalFactor what p is multiplied by at its end; in between, in a straight line
 * @param margin a sequence has at most ⌊(p + margin) · S⌋ masked positions
 * @param unit what is masked as a whole
 * @param maskTokenFraction of the masked positions, the part where the generator sees [MASK]
 * @param randomTokenFraction of the masked positions, the part where it sees a random token; elsewhere it sees the
 *     original. Together with {@code maskTokenFraction} at most 1
 */
public record MaskingConfig(
        @Range(above = 0, below = 1) double fraction,
        @Range(above = 0) double finalFactor,
        @Range(min = 0, below = 1) double margin,
        Unit unit,
        @Range(min = 0, max = 1) double maskTokenFraction,
        @Range(min = 0, max = 1) double randomTokenFraction) {

    /** What is masked as a whole. */
    public enum Unit {
        /** Single tokens, as ELECTRA does. */
        TOKEN,
        /** Words with all their pieces (BERT's whole-word masking). */
        WHOLE_WORD,
        /** Several words in a row (Joshi et al., SpanBERT, arXiv 1907.10529). */
        SPAN
    }

    /**
     * Returns p at some place in the run.
     *
     * @param progress the part of the run that is done, 0 to 1
     */
    public double fractionAt(double progress) {
        return fraction * (1 + progress * (finalFactor - 1));
    }
}
