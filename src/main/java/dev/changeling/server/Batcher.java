package dev.changeling.server;

import dev.changeling.error.InputException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the texts of concurrent requests into batches for a service, on a thread of its own. Requests take turns, a
 * text each, so that one of many texts is spread over several batches and the others pass it.
 */
final class Batcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Batcher.class);

    private final Service service;
    private final Limits limits;
    private final ServerMetrics metrics;
    private final Thread dispatcher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final RoundRobin<Waiting> queue = new RoundRobin<>();
    private boolean isClosed;

    private record Waiting(TextInput input, CompletableFuture<Object> result) {}

    Batcher(Service service, Limits limits, ServerMetrics metrics) {
        this.service = service;
        this.limits = limits;
        this.metrics = metrics;
        dispatcher = new Thread(this::dispatch, "batches of " + service.path());
        dispatcher.setDaemon(true);
        dispatcher.start();
        metrics.watchQueue(service.path(), this::depth);
    }

    /**
     * Gives texts to the service.
     *
     * @return the results in the texts' order; fails with a {@link Refusal} if one of the texts can't be used, if the
     *     service fails, or if the results take too long
     * @throws Refusal if too many texts are waiting
     */
    CompletableFuture<List<Object>> submit(List<TextInput> inputs) {
        List<Waiting> all = inputs.stream()
                .map(input -> new Waiting(input, new CompletableFuture<>()))
                .toList();
        lock.lock();
        try {
            if (isClosed) {
                throw Refusal.unavailable("the server is ending", 1);
            }
            if (queue.size() + all.size() > limits.queuedTexts()) {
                throw Refusal.unavailable("too busy: " + queue.size() + " texts are waiting already", 1);
            }
            queue.add(all);
            arrived.signal();
        } finally {
            lock.unlock();
        }
        CompletableFuture<?>[] results = all.stream().map(Waiting::result).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(results)
                .orTimeout(limits.answer().toMillis(), TimeUnit.MILLISECONDS)
                .handle((nothing, failure) -> {
                    if (failure instanceof TimeoutException) {
                        forget(all);
                        throw new Refusal(
                                HttpStatus.GATEWAY_TIMEOUT_504,
                                "no result after " + limits.answer().toMillis() / 1e3 + " seconds");
                    }
                    // Throws what the first of the failed ones failed with.
                    return all.stream().map(waiting -> waiting.result().join()).toList();
                });
    }

    private void forget(List<Waiting> given) {
        lock.lock();
        try {
            given.forEach(waiting -> waiting.result().cancel(false));
            queue.removeIf(waiting -> waiting.result().isDone());
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many texts are waiting. */
    int depth() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    private void dispatch() {
        try {
            for (List<Waiting> batch = take(); !batch.isEmpty(); batch = take()) {
                answer(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            refuseMore(); // whether it was closed, or an error has ended it
        }
    }

    /** Returns the texts of the next batch, or none once the batcher is closed. */
    private List<Waiting> take() throws InterruptedException {
        lock.lock();
        try {
            List<Waiting> batch = new ArrayList<>();
            while (batch.isEmpty() && !isClosed) {
                while (queue.isEmpty() && !isClosed) {
                    arrived.await();
                }
                long left = limits.batchWait().toNanos();
                while (queue.size() < limits.batchTexts() && !isClosed && left > 0) {
                    left = arrived.awaitNanos(left);
                }
                while (!queue.isEmpty() && batch.size() < limits.batchTexts()) {
                    batch.add(queue.remove());
                }
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void answer(List<Waiting> batch) {
        long start = System.nanoTime();
        try {
            List<?> results =
                    service.function().apply(batch.stream().map(Waiting::input).toList());
            if (results.size() != batch.size()) {
                throw new IllegalStateException(results.size() + " results for " + batch.size() + " texts");
            }
            metrics.batch(service.path(), batch.size(), Duration.ofNanos(System.nanoTime() - start));
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).result().complete(results.get(i));
            }
        } catch (RuntimeException | StackOverflowError e) {
            if (batch.size() > 1) {
                // One text must not fail the others' requests.
                batch.forEach(waiting -> answer(List.of(waiting)));
            } else {
                batch.get(0).result().completeExceptionally(refusal(e));
            }
        } catch (Error e) {
            batch.forEach(waiting -> waiting.result().completeExceptionally(refusal(e)));
            throw e;
        }
    }

    private Refusal refusal(Throwable failure) {
        if (failure instanceof InputException) {
            return new Refusal(HttpStatus.UNPROCESSABLE_ENTITY_422, String.valueOf(failure.getMessage()));
        }
        LOG.error("{} failed on a text", service.path(), failure);
        return new Refusal(HttpStatus.INTERNAL_SERVER_ERROR_500, "the model failed on this text");
    }

    private void refuseMore() {
        lock.lock();
        try {
            isClosed = true;
            queue.forEach(waiting -> waiting.result().cancel(false));
            queue.clear();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more, drops what is waiting, and waits for the batch that the service is at work on. */
    @Override
    public void close() {
        refuseMore();
        try {
            dispatcher.join(limits.drain().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
