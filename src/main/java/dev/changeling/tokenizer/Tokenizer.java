package dev.changeling.tokenizer;

/** Turns text into token ids. Safe for use by several threads at once. */
public interface Tokenizer extends AutoCloseable {
    /** Returns the tokens of a text and where each stands in it, without [CLS] and [SEP]. */
    Encoding encode(String text);

    /** Returns the token ids of a text only; the fast path when offsets are not needed. */
    default int[] ids(String text) {
        return encode(text).ids();
    }

    /** Returns the tokens by id. */
    Vocabulary vocabulary();

    @Override
    void close();
}
