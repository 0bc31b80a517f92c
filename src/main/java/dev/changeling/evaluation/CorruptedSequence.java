package dev.changeling.evaluation;

import dev.changeling.batch.Batch;
import dev.changeling.objective.JointStep;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.MaskedPositions;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A sequence that the generator has corrupted, and what the discriminator makes of it; in host memory.
 *
 * @param tokens token ids as the discriminator reads them
 * @param originals where a position was masked, the token that stood there, replaced or not; elsewhere
 *     {@link #NOT_MASKED}
 * @param probabilities of having been replaced, P(replaced) of each token
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record CorruptedSequence(int[] tokens, int[] originals, float[] probabilities) {
    /** Stands where a position was not masked. */
    public static final int NOT_MASKED = -1;

    /** Reads the first sequence of every row out of a pass. */
    static List<CorruptedSequence> firstOfRows(JointStep step, MaskedBatch masked, int mostTokens) {
        Batch batch = masked.batch();
        int[] tokens = HostCopy.toInts(step.replaced().input().tokens_BS());
        int[] originals = originals(masked);
        float[] probabilities = probabilities(step, batch);
        List<CorruptedSequence> sequences = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            int from = row * batch.length();
            int to = from;
            while (to < from + Math.min(batch.length(), mostTokens) && batch.sequences()[to] == 1) {
                to++;
            }
            sequences.add(new CorruptedSequence(
                    Arrays.copyOfRange(tokens, from, to),
                    Arrays.copyOfRange(originals, from, to),
                    Arrays.copyOfRange(probabilities, from, to)));
        }
        return sequences;
    }

    private static int[] originals(MaskedBatch batch) {
        int[] originals = new int[batch.batch().tokens().length];
        Arrays.fill(originals, NOT_MASKED);
        MaskedPositions masked = batch.masked();
        for (int i = 0; i < masked.count(); i++) {
            originals[masked.positions()[i]] = masked.originals()[i];
        }
        return originals;
    }

    /** Returns them for every position, 0 in padding. */
    private static float[] probabilities(JointStep step, Batch batch) {
        float[] probabilities = new float[batch.tokens().length];
        if (step.scores_T().isEmpty()) { // a discriminator that isn't asked
            Arrays.fill(probabilities, Float.NaN);
            return probabilities;
        }
        float[] ofReal = HostCopy.toFloats(step.scores_T().get().sigmoid());
        int token = 0;
        for (int position = 0; position < probabilities.length; position++) {
            if (batch.sequences()[position] != 0) {
                probabilities[position] = ofReal[token++];
            }
        }
        return probabilities;
    }
}
