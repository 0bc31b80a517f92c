package dev.changeling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.config.TrainingConfig;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class SideBySideTest {
    @Test
    void eachThreadRunsItsTaskAtTheSameTime() {
        CountDownLatch together = new CountDownLatch(3);
        try (SideBySide threads = SideBySide.of(Engine.cpu(), 3, "test")) {
            List<String> names = threads.run(5, thread -> {
                together.countDown();
                try {
                    assertThat(together.await(1, TimeUnit.MINUTES)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return thread + " " + Thread.currentThread().getName();
            });

            assertThat(threads.count()).isEqualTo(3);
            assertThat(names).containsExactly("0 test-0", "1 test-1", "2 test-2");
            assertThat(threads.run(1, thread -> thread)).containsExactly(0);
            assertThat(threads.run(0, thread -> thread)).isEmpty();
        }
    }

    @Test
    void aFailureComesAfterTheOthersHaveEnded() {
        AtomicBoolean ended = new AtomicBoolean();
        try (SideBySide threads = SideBySide.of(Engine.cpu(), 2, "test")) {
            assertThatThrownBy(() -> threads.run(2, thread -> {
                        if (thread == 0) {
                            throw new IllegalArgumentException("the first");
                        }
                        try {
                            Thread.sleep(50);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        ended.set(true);
                        return thread;
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the first");
            assertThat(ended).isTrue();
        }
    }

    @Test
    void otherThreadsKeepAllCpuThreads() throws InterruptedException {
        Engine engine = Engine.start(TrainingConfig.Device.CPU, TrainingConfig.Precision.FLOAT32, 4);
        try (SideBySide threads = SideBySide.of(engine, 2, "test")) {
            assertThat(threads.run(2, thread -> torch.get_num_threads())).containsExactly(2, 2);
            AtomicInteger ofAnother = new AtomicInteger();
            Thread another = new Thread(() -> ofAnother.set(torch.get_num_threads()));
            another.start();
            another.join();
            assertThat(ofAnother).hasValue(4);
            assertThat(threads.run(2, thread -> torch.get_num_threads())).containsExactly(2, 2);
        } finally {
            Engine.cpu();
        }
    }
}
