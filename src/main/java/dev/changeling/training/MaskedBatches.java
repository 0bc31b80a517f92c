package dev.changeling.training;

import dev.changeling.batch.Batch;
import dev.changeling.batch.BatchSource;
import dev.changeling.objective.JointObjective;
import dev.changeling.objective.MaskedBatch;
import java.util.ArrayList;
import java.util.List;

/** Gives the device batches of each step with their random choices made, as a pure function of the step. */
@FunctionalInterface
interface MaskedBatches {

    /**
     * Returns the device batches of a step, in the order of their rows.
     *
     * @param step from 0
     */
    List<MaskedBatch> of(long step);

    /**
     * Makes the objective's random choices for the rows of a source.
     *
     * @param seed of the run
     */
    static MaskedBatches drawn(BatchSource source, JointObjective objective, long seed) {
        return step -> {
            List<MaskedBatch> masked = new ArrayList<>();
            long firstRow = 0;
            for (int i = 0; i < source.microBatches(); i++) {
                Batch batch = source.batch(step, i);
                masked.add(objective.mask(batch, seed, step, firstRow));
                firstRow += batch.rows();
            }
            return masked;
        };
    }
}
