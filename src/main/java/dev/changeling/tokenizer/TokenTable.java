package dev.changeling.tokenizer;

/**
 * What an objective has to know of each token of a vocabulary.
 *
 * @param special the special tokens
 * @param counts how often each token stands in the training text, [V]
 * @param marks which tokens go on with the word that the one before them is of
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record TokenTable(SpecialTokens special, long[] counts, SubwordMarks marks) {
    /** Returns the table of a vocabulary in which every token is a word. */
    public static TokenTable ofWords(SpecialTokens special, long[] counts) {
        return new TokenTable(special, counts, SubwordMarks.NONE);
    }

    /** Returns the table of a vocabulary. If it marks neither beginnings nor continuations, every token is a word. */
    public static TokenTable of(Vocabulary vocabulary, long[] counts) {
        return new TokenTable(vocabulary.special(), counts, SubwordMarks.of(vocabulary));
    }

    /** Returns V. */
    public int size() {
        return counts.length;
    }
}
