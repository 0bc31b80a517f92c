package dev.changeling.model;

import dev.changeling.tensor.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;

/**
 * A model's replicas, one a thread: the same weights, gradients of their own. They let the device batches of a step go
 * through the networks side by side, which keeps several cores busier than several threads within one multiplication of
 * a small network do.
 *
 * <p>Which replica takes which task depends on their numbers alone, so results do not depend on who is faster. Not safe
 * for use by several threads; while tasks run, nothing else may change the weights.
 *
 * @param <M> the model
 */
public final class Replicas<M extends Replicable<M>> implements AutoCloseable {
    private final M model;
    private final List<M> replicas;
    private final List<ExecutorService> threads = new ArrayList<>();
    private final Engine.Share share;

    private Replicas(M model, List<M> replicas) {
        this.model = model;
        this.replicas = List.copyOf(replicas);
        this.share = model.engine().share(replicas.size());
        // A replica keeps its thread: the C library keeps what was freed by thread too, and would keep every replica's
        // buffers once for every thread that ran it.
        for (int r = 0; r < replicas.size(); r++) {
            String name = "replica-" + r;
            threads.add(Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(
                        () -> {
                            share.enter();
                            task.run();
                        },
                        name);
                // A process that ends must not wait for a step.
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    /**
     * Makes replicas: as many as there are tasks at once, but no more than the engine can run side by side.
     *
     * @param model the first of them; it keeps the weights and must be closed after the replicas
     * @param most how many tasks there are at once
     */
    public static <M extends Replicable<M>> Replicas<M> of(M model, int most) {
        List<M> replicas = new ArrayList<>(List.of(model));
        boolean made = false;
        try {
            while (replicas.size() < count(model.engine(), most)) {
                replicas.add(model.replica());
            }
            made = true;
        } finally {
            if (!made) { // no memory for the next one's gradients
                replicas.subList(1, replicas.size()).forEach(Replicable::close);
            }
        }
        return new Replicas<>(model, replicas);
    }

    /** Returns how many replicas there would be. */
    public static int count(Engine engine, int most) {
        return Math.max(1, Math.min(most, engine.sideBySide()));
    }

    /** Returns how many there are, R. */
    public int count() {
        return replicas.size();
    }

    /**
     * What is done with a replica.
     *
     * @param <M> the model
     * @param <T> what comes out
     */
    @FunctionalInterface
    public interface Task<M, T> {
        /**
         * Runs on a thread of the replica's own.
         *
         * @param replica the model to use
         * @param number of the task, from 0
         */
        T run(M replica, int number);
    }

    /**
     * Runs tasks 0 to {@code count − 1}: replica r takes r, r + R, r + 2R, … of R replicas, one after another.
     *
     * @return what came out, in the order of the tasks' numbers
     * @throws RuntimeException what the first failing replica threw, after all have ended
     */
    public <T> List<T> run(int count, Task<M, T> task) {
        List<Future<List<T>>> shares = new ArrayList<>();
        for (int r = 0; r < Math.min(count, replicas.size()); r++) {
            int first = r;
            shares.add(threads.get(r).submit(() -> {
                List<T> results = new ArrayList<>();
                for (int number = first; number < count; number += replicas.size()) {
                    results.add(task.run(replicas.get(first), number));
                }
                return results;
            }));
        }
        List<List<T>> byReplica = results(shares);
        List<T> inOrder = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            inOrder.add(byReplica.get(number % replicas.size()).get(number / replicas.size()));
        }
        return inOrder;
    }

    /** Sets the gradients of all replicas to 0. */
    public void clearGradients() {
        replicas.forEach(replica -> replica.parameters().gradients().zero_());
    }

    /** Adds the gradients of all replicas, in their order, into those of the model. */
    public void sumGradients() {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            for (M replica : replicas.subList(1, replicas.size())) {
                model.parameters().gradients().add_(replica.parameters().gradients());
            }
        }
    }

    /** Waits for all, also if one fails: the others use the weights meanwhile. */
    private static <T> List<T> results(List<Future<T>> futures) {
        List<T> results = new ArrayList<>();
        @Nullable Throwable failure = null;
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a step was running", e);
            } catch (ExecutionException e) {
                failure = failure == null ? e.getCause() : failure;
            }
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return results;
    }

    /** Waits for tasks that are still running, also if the calling thread is interrupted: they use the replicas. */
    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdown);
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = true;
                for (ExecutorService thread : threads) {
                    ended &= thread.awaitTermination(1, TimeUnit.MINUTES);
                }
            } catch (InterruptedException e) {
                interrupted = true;
                ended = false;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        share.close();
        replicas.subList(1, replicas.size()).forEach(Replicable::close);
    }
}
