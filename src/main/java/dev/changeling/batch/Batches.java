package dev.changeling.batch;

import dev.changeling.shard.Rows;
import java.util.Arrays;
import java.util.List;

/** Puts batches together. */
public final class Batches {
    private Batches() {}

    /**
     * Returns a batch with each sequence in a row of its own, the rows as long as the longest.
     *
     * @param sequences at least one
     * @param padding the id of [PAD]
     */
    public static Batch of(List<Sequence> sequences, int padding) {
        return ofRows(sequences.stream().map(List::of).toList(), padding, 1);
    }

    /**
     * Returns a batch whose rows hold sequences one after another, the rows as long as the longest or a little longer.
     *
     * @param rows at least one
     * @param padding the id of [PAD]
     * @param multiple the length of the rows is one of it
     */
    public static Batch ofRows(List<List<Sequence>> rows, int padding, int multiple) {
        int longest = rows.stream()
                .mapToInt(row -> row.stream().mapToInt(Sequence::length).sum())
                .max()
                .orElseThrow();
        int length = (longest + multiple - 1) / multiple * multiple;
        Filling filling = new Filling(rows.size(), length);
        Arrays.fill(filling.tokens, padding);
        for (int row = 0; row < rows.size(); row++) {
            int at = row * length;
            int number = 1;
            for (Sequence sequence : rows.get(row)) {
                System.arraycopy(sequence.tokens(), 0, filling.tokens, at, sequence.length());
                filling.sequence(at, number, sequence.length(), sequence.firstSegmentLength());
                at += sequence.length();
                number++;
            }
        }
        return filling.batch();
    }

    /** Returns a batch of rows of a data set. */
    static Batch of(Rows rows, long[] numbers) {
        int length = rows.length();
        Filling filling = new Filling(numbers.length, length);
        for (int i = 0; i < numbers.length; i++) {
            long row = numbers[i];
            int at = i * length;
            rows.copyTokens(row, filling.tokens, at);
            int count = rows.sequences(row);
            for (int sequence = 0; sequence < count; sequence++) {
                int sequenceLength = rows.sequenceLength(row, sequence);
                filling.sequence(at, sequence + 1, sequenceLength, rows.firstSegmentLength(row, sequence));
                at += sequenceLength;
            }
        }
        return filling.batch();
    }

    /** The arrays of a batch while they are filled. */
    private static final class Filling {
        private final int rows;
        private final int length;
        private final int[] tokens;
        private final int[] sequences;
        private final int[] positions;
        private final int[] segments;
        private int realTokens;

        Filling(int rows, int length) {
            this.rows = rows;
            this.length = length;
            int size = Math.multiplyExact(rows, length);
            this.tokens = new int[size];
            this.sequences = new int[size];
            this.positions = new int[size];
            this.segments = new int[size];
        }

        void sequence(int from, int number, int sequenceLength, int firstSegmentLength) {
            for (int i = 0; i < sequenceLength; i++) {
                sequences[from + i] = number;
                positions[from + i] = i;
                segments[from + i] = i < firstSegmentLength ? 0 : 1;
            }
            realTokens += sequenceLength;
        }

        Batch batch() {
            return new Batch(rows, length, tokens, sequences, positions, segments, realTokens);
        }
    }
}
