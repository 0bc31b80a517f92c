package dev.changeling.task;

import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceBuilder;
import dev.changeling.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Words of a sentence as a sequence of tokens. What is said of a word is said of its first token (Devlin et al., arXiv
 * 1810.04805, section 5.3).
 *
 * @param sequence the tokens
 * @param firstWord the number in its sentence of the first word
 * @param tokens for each word, the place of its first token in the sequence; −1 if the tokenizer makes none of it
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record WordSequence(Sequence sequence, int firstWord, int[] tokens) {

    /**
     * Cuts a sentence between words into as many sequences as it needs; a word that is longer than a sequence loses its
     * end.
     *
     * @param words at least one
     */
    public static List<WordSequence> of(List<String> words, Tokenizer tokenizer, SequenceBuilder sequences) {
        int room = sequences.maximumLength() - 2;
        List<WordSequence> parts = new ArrayList<>();
        Filling filling = new Filling(0);
        for (int word = 0; word < words.size(); word++) {
            int[] ids = tokenizer.ids(words.get(word));
            if (filling.length > 0 && filling.length + ids.length > room) {
                parts.add(filling.build(sequences));
                filling = new Filling(word);
            }
            filling.add(ids.length > room ? Arrays.copyOf(ids, room) : ids);
        }
        parts.add(filling.build(sequences));
        return parts;
    }

    /** A sequence while words are added to it. */
    private static final class Filling {
        private final int firstWord;
        private final List<int[]> pieces = new ArrayList<>();
        private final List<Integer> tokens = new ArrayList<>();
        private int length;

        Filling(int firstWord) {
            this.firstWord = firstWord;
        }

        void add(int[] ids) {
            tokens.add(ids.length == 0 ? -1 : length + 1); // behind [CLS]
            pieces.add(ids);
            length += ids.length;
        }

        WordSequence build(SequenceBuilder sequences) {
            int[] ids = pieces.stream().flatMapToInt(Arrays::stream).toArray();
            return new WordSequence(
                    sequences.of(ids),
                    firstWord,
                    tokens.stream().mapToInt(Integer::intValue).toArray());
        }
    }
}
