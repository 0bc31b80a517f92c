package dev.changeling.tokenizer;

/** Turns text into token ids. Safe for use by several threads at once. */
public interface Tokenizer extends AutoCloseable {
    /**
     * Returns the tokens of a text and where each stands in it, without [CLS] and [SEP].
     *
     * @param special what a special token that is written out in the text becomes
     */
    Encoding encode(String text, SpecialTokensInText special);

    /**
     * Returns the tokens of a text and where each stands in it, without [CLS] and [SEP]. A special token that is
     * written out in the text is text like any other.
     */
    default Encoding encode(String text) {
        return encode(text, SpecialTokensInText.AS_TEXT);
    }

    /**
     * Returns the token ids of a text only; the fast path when offsets are not needed. A special token that is written
     * out in the text is text like any other.
     */
    default int[] ids(String text) {
        return encode(text).ids();
    }

    /** Returns the tokens by id. */
    Vocabulary vocabulary();

    /**
     * Returns the SHA-256, in lower-case hexadecimal, of everything that decides what this tokenizer returns. Two
     * tokenizers with the same fingerprint give the same ids for every text.
     */
    String fingerprint();

    @Override
    void close();
}
