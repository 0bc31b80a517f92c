package dev.changeling.tokenizer;

/** What {@code [MASK]}, written out in a text, is. */
public enum SpecialTokensInText {
    /** Text like any other. The default: what a corpus happens to say must never become a special token. */
    AS_TEXT,
    /** The special token, as in Hugging Face's fast tokenizers. For people who type {@code [MASK]} and mean it. */
    AS_TOKENS
}
