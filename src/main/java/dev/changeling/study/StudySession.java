package dev.changeling.study;

import java.io.IOException;
import java.nio.file.Path;

/** Whoever runs a study, the command line for example: watches it, and does its single trainings. */
public interface StudySession {
    /** Something worth a line. */
    void message(String line);

    /** Returns who trains a run. */
    RunTraining training(PlannedRun run);

    /**
     * Fine-tunes.
     *
     * @throws dev.changeling.training.NonFiniteException if a loss or gradient is not finite; the study goes on without
     * @param model the folder of the network
     * @param out a new folder, which appears as a whole or not at all, with {@code results.json} in it
     */
    void fineTune(StudyTask task, Path model, Path out) throws IOException;
}
