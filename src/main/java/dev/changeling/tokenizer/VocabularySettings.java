package dev.changeling.tokenizer;

import java.util.Locale;

/**
 * What a vocabulary is to be.
 *
 * @param size the most tokens it may have, special ones included
 * @param normalization how words are normalised before they are counted; encoding must do the same
 * @param minimumFrequency how often two pieces must stand side by side to be joined into a token
 * @param alphabetLimit the most single characters it may have, the most frequent ones; others become [UNK]
 */
public record VocabularySettings(int size, BertNormalization normalization, long minimumFrequency, int alphabetLimit) {
    /** @throws IllegalArgumentException if a number is out of range */
    public VocabularySettings {
        if (size <= BertSpecialTokens.NAMES.size() || size > Vocabulary.MAXIMUM_SIZE) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "size must be from %d to %d, not %d",
                    BertSpecialTokens.NAMES.size() + 1,
                    Vocabulary.MAXIMUM_SIZE,
                    size));
        }
        if (minimumFrequency < 0) {
            throw new IllegalArgumentException("minimumFrequency must not be negative, but is " + minimumFrequency);
        }
        if (alphabetLimit < 1) {
            throw new IllegalArgumentException("alphabetLimit must be positive, not " + alphabetLimit);
        }
    }

    /** Returns the defaults of Hugging Face's {@code BertWordPieceTokenizer}: frequency 2, alphabet 1,000. */
    public static VocabularySettings of(int size, BertNormalization normalization) {
        return new VocabularySettings(size, normalization, 2, 1000);
    }
}
