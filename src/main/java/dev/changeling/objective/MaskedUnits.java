package dev.changeling.objective;

import dev.changeling.config.MaskingConfig;
import dev.changeling.random.RandomStream;
import dev.changeling.tokenizer.SubwordMarks;

/** Draws which of a sequence's tokens are masked: single ones, whole words, or spans of words. */
interface MaskedUnits {
    /**
     * Moves the drawn positions to the front of the candidates.
     *
     * @param tokens of the batch
     * @param candidates positions that may be masked, ascending
     * @param available how many candidates there are
     * @param wanted how many are to be masked, at most {@code available}
     * @return how many were drawn: {@code wanted} of single tokens; of larger units about so many
     */
    int draw(int[] tokens, int[] candidates, int available, int wanted, RandomStream numbers);

    /**
     * Returns the way to draw a unit.
     *
     * @param marks which tokens go on with the word of the one before them
     */
    static MaskedUnits of(MaskingConfig.Unit unit, SubwordMarks marks) {
        return switch (unit) {
            case TOKEN -> MaskedUnits::drawTokens;
            case WHOLE_WORD -> new MaskedWords(marks, 1, 1);
            // SpanBERT (arXiv 1907.10529, section 3.1): lengths from Geo(0.2), at most 10 words, 3.8 on average.
            case SPAN -> new MaskedWords(marks, 10, 0.2);
        };
    }

    /** The first steps of a Fisher-Yates shuffle draw without replacement. */
    private static int drawTokens(int[] tokens, int[] candidates, int available, int wanted, RandomStream numbers) {
        for (int i = 0; i < wanted; i++) {
            int j = i + numbers.nextInt(available - i);
            int drawn = candidates[j];
            candidates[j] = candidates[i];
            candidates[i] = drawn;
        }
        return wanted;
    }
}
