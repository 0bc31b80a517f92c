package dev.changeling.study;

import dev.changeling.pretraining.PretrainingRun;
import dev.changeling.pretraining.RunObserver;
import java.io.IOException;

/** Watches a run of a study, and lets it train. */
public interface RunTraining extends RunObserver {
    /**
     * Trains to the last step or until the study is told to stop, and closes the run.
     *
     * @return whether the last step was reached
     * @throws dev.changeling.training.NonFiniteException if a loss or gradient is not finite
     */
    boolean train(PretrainingRun run) throws IOException;
}
