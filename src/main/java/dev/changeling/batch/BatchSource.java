package dev.changeling.batch;

/** Gives the rows of each step. Which rows those are is a pure function of (seed, step, rank). */
public interface BatchSource {
    /**
     * Returns one device batch.
     *
     * @param step the training step, from 0
     * @param microBatch which part of the step's total batch, from 0 to {@link #microBatches()} − 1
     */
    Batch batch(long step, int microBatch);

    /** Returns into how many device batches a step's total batch is divided. */
    int microBatches();
}
