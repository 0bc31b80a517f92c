package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestExports;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.model.TransformerEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenNetworkTest {
    @TempDir
    private Path temporary;

    private OpenNetwork<TransformerEncoder> use;

    @BeforeEach
    void open() throws IOException {
        use = new OpenNetwork<>(
                HuggingFaceImport.readEncoder(TestExports.write(temporary, 1), TestExports.engine()), "thing");
    }

    @AfterEach
    void close() {
        use.close();
    }

    @Test
    void closingWaitsForThoseThatAreAtWork() throws Exception {
        CountDownLatch working = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        AtomicInteger doneAtRelease = new AtomicInteger(-1);
        CountDownLatch closing = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> users = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                users.add(threads.submit(() -> use.use(network -> {
                    working.countDown();
                    await(goOn);
                    return done.incrementAndGet();
                })));
            }
            await(working); // both at once: neither waits for the other
            Future<?> close = threads.submit(() -> {
                closing.countDown();
                use.close(() -> doneAtRelease.set(done.get()));
            });
            await(closing);
            assertThat(close.isDone()).isFalse();
            goOn.countDown();
            close.get();
            assertThat(doneAtRelease).hasValue(2);
            for (Future<Integer> user : users) {
                assertThat(user.get()).isBetween(1, 2);
            }
        } finally {
            goOn.countDown();
            threads.shutdown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoComesAfterItIsClosedIsTold() {
        AtomicInteger released = new AtomicInteger();
        AtomicBoolean used = new AtomicBoolean();
        use.close(released::incrementAndGet);
        use.close(released::incrementAndGet);
        assertThat(released).hasValue(1);
        assertThatThrownBy(() -> use.use(network -> used.getAndSet(true)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the thing is closed");
        assertThat(used).isFalse();
    }

    @Test
    void workThatFailsKeepsNobodyFromClosing() {
        assertThatThrownBy(() -> use.use(network -> {
                    throw new IllegalArgumentException("bad");
                }))
                .hasMessage("bad");
        AtomicInteger released = new AtomicInteger();
        use.close(released::incrementAndGet);
        assertThat(released).hasValue(1);
    }
}
