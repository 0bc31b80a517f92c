package dev.changeling.model;

import dev.changeling.tensor.Engine;

/**
 * A model that can be had several times with the same weights.
 *
 * @param <M> the model itself
 */
public interface Replicable<M extends Replicable<M>> extends AutoCloseable {

    /**
     * Returns the model once more, with the same weights and gradients of its own, for another thread to use. This one
     * must stay open for as long as the replica is used.
     */
    M replica();

    ParameterStore parameters();

    Engine engine();

    @Override
    void close();
}
