package dev.changeling.profile;

/**
 * A part of training that takes time. While the JDK's Flight Recorder records, each becomes an event,
 * {@code changeling.Phase}; else it costs nothing.
 */
public enum Phase {
    /** The step waits for its rows and their masks. */
    DATA("data"),
    /** A replica's work on one device batch, the next four phases included. */
    DEVICE_BATCH("device batch"),
    /** The generator up to what its output layer reads. */
    GENERATOR("generator"),
    /** The generator's output layer: predictions, their gradient, samples. */
    PREDICTION("prediction"),
    /** The discriminator's forward pass. */
    DISCRIMINATOR("discriminator"),
    /** The backward pass through both networks. */
    BACKWARD("backward"),
    /** Gradients are cleared, added up over the replicas, measured. */
    GRADIENTS("gradients"),
    /** The optimizer changes the weights. */
    OPTIMIZER("optimizer"),
    /** Held-out text is scored. */
    EVALUATION("evaluation"),
    /** The state is kept. */
    CHECKPOINT("checkpoint");

    private final String label;

    Phase(String label) {
        this.label = label;
    }

    /**
     * Work with a result.
     *
     * @param <T> the result
     * @param <E> what else it throws
     */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T get() throws E;
    }

    /**
     * Work without a result.
     *
     * @param <E> what else it throws
     */
    @FunctionalInterface
    public interface Action<E extends Exception> {
        void run() throws E;
    }

    /** Returns what the work returns. A phase that ends in an exception leaves no event. */
    public <T, E extends Exception> T of(Work<T, E> work) throws E {
        PhaseEvent event = PhaseEvent.begin(label);
        T result = work.get();
        event.finish();
        return result;
    }

    /** Does the work. A phase that ends in an exception leaves no event. */
    public <E extends Exception> void run(Action<E> work) throws E {
        PhaseEvent event = PhaseEvent.begin(label);
        work.run();
        event.finish();
    }

    /** Returns its name in the event. */
    public String label() {
        return label;
    }
}
