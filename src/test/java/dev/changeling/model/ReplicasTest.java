package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestConfigs;
import dev.changeling.config.InitializationConfig;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;

class ReplicasTest {

    private static Electra model(int threads) {
        return new Electra(TestConfigs.engine(threads), TestConfigs.model(InitializationConfig.Scheme.STANDARD), 50);
    }

    @Test
    void areAsManyAsTheEngineCanRunAtOnceAndNoMoreThanAskedFor() {
        try (Electra model = model(2);
                Replicas<Electra> few = Replicas.of(model, 1);
                Replicas<Electra> many = Replicas.of(model, 8)) {
            assertThat(few.count()).isEqualTo(1);
            assertThat(many.count()).isEqualTo(2);
        }
    }

    @Test
    void runEveryTaskOnceAndReturnTheResultsInOrder() {
        try (Electra model = model(3);
                Replicas<Electra> replicas = Replicas.of(model, 3)) {
            for (int count = 0; count < 8; count++) {
                assertThat(replicas.run(count, (replica, number) -> number * number))
                        .isEqualTo(
                                IntStream.range(0, count).mapToObj(i -> i * i).toList());
            }
        }
    }

    @Test
    void runSideBySide() {
        try (Electra model = model(2);
                Replicas<Electra> replicas = Replicas.of(model, 2)) {
            CountDownLatch bothAreIn = new CountDownLatch(2);
            List<Boolean> met = replicas.run(2, (replica, number) -> {
                bothAreIn.countDown();
                try {
                    return bothAreIn.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(met).containsExactly(true, true);
        }
    }

    @Test
    void shareTheWeightsAndSumTheirOwnGradients() {
        try (Electra model = model(2);
                Replicas<Electra> replicas = Replicas.of(model, 2);
                PointerScope scope = new PointerScope()) {
            model.parameters().values().fill_(new Scalar(3));
            replicas.clearGradients();
            List<Float> weights = replicas.run(4, (replica, number) -> {
                try (Engine.Scope inner = replica.engine().scope()) {
                    Parameter weight = replica.parameters().parameters().get(0);
                    weight.tensor().sum().mul(new Scalar(number + 1)).backward();
                    return HostCopy.toFloats(weight.tensor())[0];
                }
            });
            assertThat(weights).containsExactly(3f, 3f, 3f, 3f);
            // Tasks 0 and 2 went to the first replica, 1 and 3 to the second.
            assertThat(model.parameters()
                            .parameters()
                            .get(0)
                            .tensor()
                            .grad()
                            .max()
                            .item_float())
                    .isEqualTo(1 + 3);
            replicas.sumGradients();
            assertThat(model.parameters()
                            .parameters()
                            .get(0)
                            .tensor()
                            .grad()
                            .max()
                            .item_float())
                    .isEqualTo(1 + 2 + 3 + 4);
            replicas.clearGradients();
            replicas.sumGradients();
            assertThat(HostCopy.toFloats(model.parameters().gradients())).containsOnly(0);
        }
    }

    @Test
    void closeOnlyAfterATaskThatWasInterruptedHasEnded() throws InterruptedException {
        try (Electra model = model(2)) {
            Replicas<Electra> replicas = Replicas.of(model, 2);
            CountDownLatch running = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            AtomicBoolean ended = new AtomicBoolean();
            AtomicBoolean endedBeforeClosed = new AtomicBoolean();
            Thread caller = new Thread(() -> {
                try (replicas) {
                    replicas.run(1, (replica, number) -> {
                        running.countDown();
                        awaitUninterruptibly(mayEnd);
                        ended.set(true);
                        return number;
                    });
                } catch (IllegalStateException expected) {
                    endedBeforeClosed.set(ended.get() && Thread.currentThread().isInterrupted());
                }
            });
            caller.start();
            running.await();
            caller.interrupt();
            caller.join(200);
            assertThat(caller.isAlive()).isTrue();
            mayEnd.countDown();
            caller.join();
            assertThat(endedBeforeClosed).isTrue();
        }
    }

    // As libtorch, which no interrupt reaches.
    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void passOnWhatATaskThrowsAfterAllHaveEnded() {
        try (Electra model = model(2);
                Replicas<Electra> replicas = Replicas.of(model, 2)) {
            Set<Integer> ended = ConcurrentHashMap.newKeySet();
            assertThatThrownBy(() -> replicas.run(2, (replica, number) -> {
                        if (number == 0) {
                            throw new IllegalArgumentException("task 0 failed");
                        }
                        ended.add(number);
                        return number;
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("task 0 failed");
            assertThat(ended).containsExactly(1);
            assertThat(replicas.run(1, (replica, number) -> "goes on")).containsExactly("goes on");
        }
    }
}
