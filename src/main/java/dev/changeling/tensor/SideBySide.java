package dev.changeling.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Java threads that divide an engine's CPU threads among themselves. Small networks keep several cores busier with a
 * batch each than with one batch whose multiplications are divided. Safe for use by several threads.
 */
public final class SideBySide implements AutoCloseable {
    private final List<ExecutorService> threads = new ArrayList<>();
    private final Engine.Share share;

    private SideBySide(Engine engine, int count, String name) {
        share = engine.share(count);
        // Each is a pool of its own, so that the same work comes to the same thread: the C library keeps what was freed
        // by thread, too, and would keep all buffers once for every thread that ever used them.
        for (int t = 0; t < count; t++) {
            String numbered = name + "-" + t;
            threads.add(Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(
                        () -> {
                            share.enter();
                            task.run();
                        },
                        numbered);
                // A process that ends must not wait for a batch.
                thread.setDaemon(true);
                return thread;
            }));
        }
        run(count, thread -> thread); // starts them
        share.entered();
    }

    /**
     * Starts threads.
     *
     * @param count how many, at least 1
     * @param name what the threads' names begin with
     */
    public static SideBySide of(Engine engine, int count, String name) {
        return new SideBySide(engine, count, name);
    }

    /** Returns how many threads there are. */
    public int count() {
        return threads.size();
    }

    /**
     * Runs a task on several threads at once.
     *
     * @param most how many of the threads, if there are as many
     * @param task is given the thread's number, from 0
     * @return what each made, in the order of their numbers
     * @throws RuntimeException what the first failing thread threw, after all have ended
     */
    public <T> List<T> run(int most, IntFunction<T> task) {
        List<Future<T>> futures = new ArrayList<>();
        for (int t = 0; t < Math.min(most, threads.size()); t++) {
            int thread = t;
            futures.add(threads.get(t).submit(() -> task.apply(thread)));
        }
        return results(futures);
    }

    /** Waits for all, also if one fails: the others use what they share meanwhile. */
    private static <T> List<T> results(List<Future<T>> futures) {
        List<T> results = new ArrayList<>();
        @Nullable Throwable failure = null;
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while batches were computed", e);
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

    /** Waits for tasks that are still running, also if the calling thread is interrupted: they use what comes after. */
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
    }
}
