package dev.changeling.inference;

import dev.changeling.batch.SequenceBuilder;
import dev.changeling.tokenizer.Encoding;
import java.util.Arrays;

/**
 * A word and as much of what is around it as the network takes, the word in the middle where the text allows.
 *
 * @param before token ids before the word
 * @param pieces the word's own token ids; empty if the tokenizer passes over it
 * @param after token ids behind the word
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
record MaskedWord(int[] before, int[] pieces, int[] after) {

    /** @param width the most tokens that the network takes, [CLS] and [SEP] left out */
    static MaskedWord of(Encoding encoding, DetectedWord word, int width) {
        int from = firstThatEndsBehind(encoding, word.start());
        int to = from;
        while (to < encoding.ids().length && encoding.starts()[to] < word.end()) {
            to++;
        }
        int room = Math.max(0, width - (to - from));
        int left = Math.min(from, Math.max(room / 2, room - (encoding.ids().length - to)));
        int right = Math.min(encoding.ids().length - to, room - left);
        return new MaskedWord(
                Arrays.copyOfRange(encoding.ids(), from - left, from),
                Arrays.copyOfRange(encoding.ids(), from, to),
                Arrays.copyOfRange(encoding.ids(), to, to + right));
    }

    private static int firstThatEndsBehind(Encoding encoding, int offset) {
        int low = 0;
        int high = encoding.ids().length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (encoding.ends()[middle] > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Returns the sequence with other tokens in the word's place. */
    int[] with(int[] filling, SequenceBuilder sequences) {
        int[] tokens = Arrays.copyOf(before, before.length + filling.length + after.length);
        System.arraycopy(filling, 0, tokens, before.length, filling.length);
        System.arraycopy(after, 0, tokens, before.length + filling.length, after.length);
        return sequences.of(tokens).tokens();
    }

    /** Returns where in such a sequence the word begins. */
    int position() {
        return before.length + 1;
    }
}
