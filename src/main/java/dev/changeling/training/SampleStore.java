package dev.changeling.training;

import org.jspecify.annotations.Nullable;

/** Keeps what a generator that no longer learns has written, so that another run need not ask it. */
public interface SampleStore {

    /**
     * Returns what was written over the masked positions of a step's whole batch, in order, or null if that is not
     * kept.
     *
     * @param step from 0
     */
    int @Nullable [] read(long step);

    /**
     * Keeps what was written.
     *
     * @param step from 0
     */
    void write(long step, int[] samples);
}
