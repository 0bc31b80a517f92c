package dev.changeling.tokenizer;

/**
 * How BERT's normaliser treats a text beyond cleaning it.
 *
 * @param lowercase whether to lower-case
 * @param stripAccents whether to decompose (NFD) and drop non-spacing marks
 */
public record BertNormalization(boolean lowercase, boolean stripAccents) {
    /** Lower case, no accents. */
    public static final BertNormalization UNCASED = new BertNormalization(true, true);
    /** Case and accents stay. */
    public static final BertNormalization CASED = new BertNormalization(false, false);

    /** Returns {@link #UNCASED} or {@link #CASED}: accents go with the case, as in BERT. */
    public static BertNormalization of(boolean lowercase) {
        return lowercase ? UNCASED : CASED;
    }
}
