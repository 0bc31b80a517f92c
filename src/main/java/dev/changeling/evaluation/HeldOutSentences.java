package dev.changeling.evaluation;

import dev.changeling.shard.Dataset;
import dev.changeling.shard.Rows;
import dev.changeling.tokenizer.SpecialTokens;
import dev.changeling.tokenizer.Vocabulary;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The sentences of a data set's held-out rows, told by their tokens: a segment that is short is one sentence (a gloss,
 * a title); in a longer one a sentence stands between two tokens that end sentences. What a row's end has cut off is
 * left out.
 */
final class HeldOutSentences {
    private static final int SHORTEST = 5;
    private static final int LONGEST = 40;
    private static final Set<String> ENDS = Set.of(".", "!", "?");

    private final Rows rows;
    private final SpecialTokens special;
    private final Vocabulary vocabulary;

    HeldOutSentences(Dataset dataset, Vocabulary vocabulary) {
        this.rows = dataset.heldOut();
        this.special = dataset.special();
        this.vocabulary = vocabulary;
    }

    /** Hands over the tokens of every sentence of 5 to 40 tokens, in the order of the rows. */
    void forEach(Consumer<int[]> sink) {
        int[] row = new int[rows.length()];
        for (long number = 0; number < rows.count(); number++) {
            rows.copyTokens(number, row, 0);
            int at = 0;
            for (int sequence = 0; sequence < rows.sequences(number); sequence++) {
                int end = at + rows.sequenceLength(number, sequence);
                segments(row, at, end, sink);
                at = end;
            }
        }
    }

    /** A sequence is [CLS] segment [SEP], or [CLS] segment [SEP] segment [SEP]. */
    private void segments(int[] row, int from, int to, Consumer<int[]> sink) {
        int start = from + 1;
        for (int i = start; i < to; i++) {
            if (row[i] == special.separator()) {
                sentences(row, start, i, sink);
                start = i + 1;
            }
        }
    }

    private void sentences(int[] row, int from, int to, Consumer<int[]> sink) {
        if (to - from <= LONGEST) {
            offer(row, from, to, sink);
            return;
        }
        int start = -1;
        for (int i = from; i < to; i++) {
            if (ENDS.contains(vocabulary.token(row[i]))) {
                if (start >= 0) {
                    offer(row, start, i + 1, sink);
                }
                start = i + 1;
            }
        }
    }

    private static void offer(int[] row, int from, int to, Consumer<int[]> sink) {
        if (to - from >= SHORTEST && to - from <= LONGEST) {
            sink.accept(Arrays.copyOfRange(row, from, to));
        }
    }
}
