package dev.changeling.batch;

import dev.changeling.tokenizer.SpecialTokens;
import java.util.Arrays;

/**
 * Joins the tokens of texts to sequences: {@code [CLS] text [SEP]}, or {@code [CLS] text [SEP] other [SEP]} with the
 * other text in segment 1 (Devlin et al., arXiv 1810.04805, section 3).
 *
 * @param special the ids of [CLS] and [SEP]
 * @param maximumLength of a sequence, in tokens; at least 3, and 5 where texts come in pairs
 */
public record SequenceBuilder(SpecialTokens special, int maximumLength) {

    /** Returns a text as a sequence; what doesn't fit is cut off its end. */
    public Sequence of(int[] text) {
        int length = Math.min(text.length, maximumLength - 2);
        int[] tokens = new int[length + 2];
        tokens[0] = special.classify();
        System.arraycopy(text, 0, tokens, 1, length);
        tokens[length + 1] = special.separator();
        return Sequence.of(tokens);
    }

    /**
     * Returns two texts as a sequence. What doesn't fit is cut off the end of the longer one, a token at a time, as
     * google's and Hugging Face's {@code longest_first} do.
     */
    public Sequence of(int[] first, int[] second) {
        int room = maximumLength - 3;
        int firstLength = first.length;
        int secondLength = second.length;
        while (firstLength + secondLength > room) {
            if (firstLength > secondLength) {
                firstLength--;
            } else {
                secondLength--;
            }
        }
        int[] tokens = Arrays.copyOf(of(Arrays.copyOf(first, firstLength)).tokens(), firstLength + secondLength + 3);
        System.arraycopy(second, 0, tokens, firstLength + 2, secondLength);
        tokens[tokens.length - 1] = special.separator();
        return new Sequence(tokens, firstLength + 2);
    }
}
