package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A service that notes its batches and gives no result before it is told to. */
final class Gate implements Service.TextFunction {
    private static final int PATIENCE = 60; // seconds
    /** More batches than any test has. */
    private static final int ALL = 1 << 20;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final Semaphore open = new Semaphore(0);
    private final List<List<String>> batches = new CopyOnWriteArrayList<>();

    @Override
    public List<?> apply(List<String> texts) {
        batches.add(List.copyOf(texts));
        entered.countDown();
        awaitOpening();
        if (texts.contains("bad")) {
            throw new IllegalArgumentException("a bad text");
        }
        return TestServers.lengths(texts);
    }

    /** Waits until the service is at work. */
    void awaitEntry() {
        try {
            assertThat(entered.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    void open() {
        letPass(ALL);
    }

    /** Opens for so many batches. */
    void letPass(int more) {
        open.release(more);
    }

    List<List<String>> batches() {
        return List.copyOf(batches);
    }

    private void awaitOpening() {
        try {
            assertThat(open.tryAcquire(PATIENCE, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
