package dev.changeling.model;

import dev.changeling.batch.Batches;
import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceGroups;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Asks a generator about one position of each of some sequences. Safe for use by several threads.
 *
 * @param engine that holds the generator
 * @param generator what is asked
 * @param padding the id of [PAD]
 */
public record MaskedTokenPredictor(Engine engine, Generator generator, int padding) {
    private static final int TOKENS_A_BATCH = 4096;
    // A position's answer is as long as the vocabulary, so that short sequences can't be as many as their tokens allow.
    private static final int SEQUENCES_A_BATCH = 64;

    /** @param padding the id of [PAD] */
    public static MaskedTokenPredictor of(StandaloneModel<Generator> model, int padding) {
        return new MaskedTokenPredictor(model.engine(), model.network(), padding);
    }

    /**
     * Returns the log-probabilities of the vocabulary's tokens, [V], at the position of every sequence, in the order
     * given, without dropout.
     *
     * @param sequences token ids, [CLS] and [SEP] included; none longer than the position table
     * @param positions for each sequence, the index that is asked about; what is to be predicted there is hidden by
     *     [MASK]
     */
    public List<float[]> predict(List<int[]> sequences, int[] positions) {
        float[][] predicted = new float[sequences.size()][];
        int[] lengths = sequences.stream()
                .mapToInt(sequence -> Math.max(sequence.length, TOKENS_A_BATCH / SEQUENCES_A_BATCH))
                .toArray();
        for (List<Integer> batch : SequenceGroups.byLength(lengths, TOKENS_A_BATCH)) {
            predictBatch(batch, sequences, positions, predicted);
        }
        return List.of(predicted);
    }

    private void predictBatch(List<Integer> batch, List<int[]> sequences, int[] positions, float[][] predicted) {
        try (Engine.Scope scope = engine.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            List<Sequence> rows =
                    batch.stream().map(i -> Sequence.of(sequences.get(i))).toList();
            int length = rows.stream().mapToInt(Sequence::length).max().orElseThrow();
            int[] flat = new int[rows.size()];
            for (int row = 0; row < flat.length; row++) {
                flat[row] = row * length + positions[batch.get(row)];
            }
            PackedInput input = PackedInput.of(engine, Batches.of(rows, padding));
            Tensor logits_MV = generator.predict(input, HostCopy.toDevice(engine, flat, flat.length), Dropout.NONE);
            float[] logProbabilities = HostCopy.toFloats(logits_MV.log_softmax(1));
            int vocabularySize = logProbabilities.length / flat.length;
            for (int row = 0; row < flat.length; row++) {
                predicted[batch.get(row)] =
                        Arrays.copyOfRange(logProbabilities, row * vocabularySize, (row + 1) * vocabularySize);
            }
        }
    }
}
