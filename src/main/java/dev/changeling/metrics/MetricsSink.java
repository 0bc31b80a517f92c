package dev.changeling.metrics;

import dev.changeling.error.InputException;

/** Where the numbers of a run go. Not safe for use by several threads. */
public interface MetricsSink extends AutoCloseable {
    /**
     * Writes numbers of one step; steps never fall from call to call.
     *
     * @throws InputException if they can't be written, to a full disk for example
     */
    void write(Metrics metrics);

    @Override
    void close();
}
