package dev.changeling.objective;

import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;

/**
 * Random numbers for each row of a batch, as a function of (seed, purpose, step, row in the step's total batch). So
 * they don't depend on how the total batch is cut into device batches or spread over ranks.
 *
 * @param seed of the run
 * @param purpose what the numbers are for
 * @param step of training; negative in evaluation
 * @param firstRow place of the batch's first row in the step's total batch
 */
public record RowRandom(long seed, Purpose purpose, long step, long firstRow) {

    /** Returns the numbers of one row of the batch. */
    RandomStream row(int row) {
        return RandomStream.of(seed, purpose, step, firstRow + row);
    }
}
