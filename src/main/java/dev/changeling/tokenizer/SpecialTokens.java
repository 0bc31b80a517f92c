package dev.changeling.tokenizer;

/**
 * The ids of the special tokens of a vocabulary.
 *
 * @param padding [PAD]
 * @param unknown [UNK]
 * @param classify [CLS], the first token of every sequence
 * @param separator [SEP], the last token of every segment
 * @param mask [MASK]
 */
public record SpecialTokens(int padding, int unknown, int classify, int separator, int mask) {
    /** Whether masking must leave this token alone: [CLS], [SEP], [MASK] and padding. [UNK] may be masked. */
    public boolean isUnmaskable(int token) {
        return token == padding || token == classify || token == separator || token == mask;
    }
}
