package dev.changeling.bench;

import dev.changeling.batch.Batch;
import dev.changeling.objective.MaskedBatch;
import java.util.List;

/**
 * How much there is to compute on in some batches.
 *
 * @param tokens T, real tokens
 * @param pairs P, pairs of tokens that see each other: Σ n² over the sequences' lengths n
 * @param masked M, masked positions
 */
public record BatchWork(long tokens, long pairs, long masked) {

    /** Returns the work of a step's device batches. */
    static BatchWork of(List<MaskedBatch> batches) {
        return new BatchWork(
                batches.stream().mapToLong(batch -> batch.batch().realTokens()).sum(),
                batches.stream().mapToLong(batch -> pairs(batch.batch())).sum(),
                batches.stream().mapToLong(batch -> batch.masked().count()).sum());
    }

    static long pairs(Batch batch) {
        long pairs = 0;
        int[] sequences = batch.sequences();
        int start = 0;
        for (int i = 1; i <= sequences.length; i++) {
            boolean ends = i == sequences.length || i % batch.length() == 0 || sequences[i] != sequences[start];
            if (ends) {
                int length = i - start;
                pairs += sequences[start] == 0 ? 0 : (long) length * length;
                start = i;
            }
        }
        return pairs;
    }
}
