package dev.changeling;

import dev.changeling.batch.Batch;
import dev.changeling.batch.BatchSource;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Batches of random tokens for tests. */
public final class TestBatches {
    private TestBatches() {}

    /** Returns rows that hold two sequences and some padding each, with ids from 5 below the vocabulary size. */
    public static Batch random(long seed, int rows, int length, int vocabularySize) {
        int[] tokens = new int[rows * length];
        int[] sequences = new int[rows * length];
        int[] positions = new int[rows * length];
        int real = 0;
        for (int row = 0; row < rows; row++) {
            RandomStream random = RandomStream.of(seed, Purpose.ORDER, row);
            int cut = length / 4 + random.nextInt(length / 4);
            int end = length - random.nextInt(4);
            for (int i = 0; i < end; i++) {
                boolean first = i < cut;
                int at = row * length + i;
                sequences[at] = first ? 1 : 2;
                positions[at] = first ? i : i - cut;
                boolean opens = i == 0 || i == cut;
                boolean closes = i == cut - 1 || i == end - 1;
                tokens[at] = opens ? 2 : closes ? 3 : 5 + random.nextInt(vocabularySize - 5);
                real++;
            }
        }
        return new Batch(rows, length, tokens, sequences, positions, new int[rows * length], real);
    }

    /** Returns a source that gives the same rows at every step, cut into device batches. */
    public static BatchSource always(Batch batch, int deviceRows) {
        return new BatchSource() {
            @Override
            public Batch batch(long step, int microBatch) {
                return rows(batch, microBatch * deviceRows, deviceRows);
            }

            @Override
            public int microBatches() {
                return batch.rows() / deviceRows;
            }
        };
    }

    /** Returns one row that holds these sequences, as they are, and padding. */
    public static Batch row(int length, int[]... sequences) {
        int[] tokens = new int[length];
        int[] numbers = new int[length];
        int[] positions = new int[length];
        int at = 0;
        for (int s = 0; s < sequences.length; s++) {
            for (int i = 0; i < sequences[s].length; i++) {
                tokens[at] = sequences[s][i];
                numbers[at] = s + 1;
                positions[at] = i;
                at++;
            }
        }
        return new Batch(1, length, tokens, numbers, positions, new int[length], at);
    }

    /** Returns rows that each hold sequences, as they are, and padding. */
    public static Batch rows(int length, int rows, IntFunction<int[][]> sequencesOfRow) {
        int[][] all = new int[4][rows * length];
        int real = 0;
        for (int r = 0; r < rows; r++) {
            Batch row = row(length, sequencesOfRow.apply(r));
            int[][] arrays = {row.tokens(), row.sequences(), row.positions(), row.segments()};
            for (int a = 0; a < arrays.length; a++) {
                System.arraycopy(arrays[a], 0, all[a], r * length, length);
            }
            real += row.realTokens();
        }
        return new Batch(rows, length, all[0], all[1], all[2], all[3], real);
    }

    /**
     * Returns padded sequences as transformers takes them, some to a row: padding is then between them, too.
     *
     * @param lengths of the sequences, whose tokens are spaced evenly
     */
    public static Batch padded(int[] tokens, int[] segments, int[] lengths, int sequencesPerRow) {
        int space = tokens.length / lengths.length;
        int[] sequences = new int[tokens.length];
        int[] positions = new int[tokens.length];
        for (int s = 0; s < lengths.length; s++) {
            for (int i = 0; i < lengths[s]; i++) {
                sequences[s * space + i] = 1 + s % sequencesPerRow;
                positions[s * space + i] = i;
            }
        }
        int rows = lengths.length / sequencesPerRow;
        int real = Arrays.stream(lengths).sum();
        return new Batch(rows, space * sequencesPerRow, tokens, sequences, positions, segments, real);
    }

    /** Returns a sequence of this many tokens, [CLS] and [SEP] included, with ids from 5 below the vocabulary size. */
    public static int[] sequence(RandomStream random, int tokens, int vocabularySize) {
        int[] sequence = new int[tokens];
        for (int i = 0; i < tokens; i++) {
            sequence[i] = 5 + random.nextInt(vocabularySize - 5);
        }
        sequence[0] = TestConfigs.SPECIAL.classify();
        sequence[tokens - 1] = TestConfigs.SPECIAL.separator();
        return sequence;
    }

    /** Returns some of the rows. */
    public static Batch rows(Batch batch, int first, int rows) {
        int from = first * batch.length();
        int to = from + rows * batch.length();
        int[] sequences = Arrays.copyOfRange(batch.sequences(), from, to);
        return new Batch(
                rows,
                batch.length(),
                Arrays.copyOfRange(batch.tokens(), from, to),
                sequences,
                Arrays.copyOfRange(batch.positions(), from, to),
                Arrays.copyOfRange(batch.segments(), from, to),
                (int) Arrays.stream(sequences).filter(s -> s != 0).count());
    }
}
