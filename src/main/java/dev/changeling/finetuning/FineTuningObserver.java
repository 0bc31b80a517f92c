package dev.changeling.finetuning;

/** Is told how a fine-tuning goes. */
public interface FineTuningObserver {
    /** Nobody watches. */
    FineTuningObserver NONE = new FineTuningObserver() {};

    /**
     * The data is read.
     *
     * @param train examples to learn from
     * @param dev examples to score on
     * @param steps of each training
     */
    default void prepared(int train, int dev, int steps) {}

    /**
     * A step is done.
     *
     * @param seed of the training
     * @param step from 1
     * @param loss of the step
     */
    default void step(long seed, int step, double loss) {}

    /**
     * An epoch is scored.
     *
     * @param seed of the training
     * @param epoch from 1
     */
    default void scored(long seed, int epoch, TaskScores scores) {}
}
