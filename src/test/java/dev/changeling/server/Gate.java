package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A service that notes its batches and gives no result before it is told to. */
final class Gate implements Service.TextFunction {
    private static final int PATIENCE = 60; // seconds

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final List<List<String>> batches = new CopyOnWriteArrayList<>();

    @Override
    public List<?> apply(List<String> texts) {
        batches.add(List.copyOf(texts));
        entered.countDown();
        await(opened);
        if (texts.contains("bad")) {
            throw new IllegalArgumentException("a bad text");
        }
        return TestServers.lengths(texts);
    }

    /** Waits until the service is at work. */
    void awaitEntry() {
        await(entered);
    }

    void open() {
        opened.countDown();
    }

    List<List<String>> batches() {
        return List.copyOf(batches);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
