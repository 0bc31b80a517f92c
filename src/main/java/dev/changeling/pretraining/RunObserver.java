package dev.changeling.pretraining;

import dev.changeling.metrics.Metrics;

/** Watches a run from outside: the command line, or a program that embeds one. Called on the training thread. */
public interface RunObserver {
    /** The numbers of a step, every {@code metrics.every} steps. */
    void progress(Metrics metrics);

    /** Something worth a line: held-out scores, a checkpoint, a warning. */
    void message(String line);
}
