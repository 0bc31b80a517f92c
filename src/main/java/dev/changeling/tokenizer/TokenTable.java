package dev.changeling.tokenizer;

/**
 * What an objective has to know of each token of a vocabulary.
 *
 * @param special the special tokens
 * @param counts how often each token stands in the training text, [V]
 * @param continuations whether the token goes on with the word that the one before it is of, [V]
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record TokenTable(SpecialTokens special, long[] counts, boolean[] continuations) {
    private static final String CONTINUATION = "##";

    /** Returns the table of a vocabulary in which every token is a word. */
    public static TokenTable ofWords(SpecialTokens special, long[] counts) {
        return new TokenTable(special, counts, new boolean[counts.length]);
    }

    /**
     * Returns the table of a WordPiece vocabulary, whose continuations begin with {@code ##}; of other vocabularies,
     * every token counts as a word.
     */
    public static TokenTable of(Vocabulary vocabulary, long[] counts) {
        boolean[] continuations = new boolean[counts.length];
        for (int token = 0; token < counts.length; token++) {
            continuations[token] = vocabulary.token(token).startsWith(CONTINUATION);
        }
        return new TokenTable(vocabulary.special(), counts, continuations);
    }

    /** Returns V. */
    public int size() {
        return counts.length;
    }

    /** Returns whether words can be told from their pieces. */
    public boolean hasContinuations() {
        for (boolean continuation : continuations) {
            if (continuation) {
                return true;
            }
        }
        return false;
    }
}
