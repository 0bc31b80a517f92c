package dev.changeling.tensor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;

/** How fast an engine multiplies when several Java threads multiply at once, as a training step's replicas do. */
public final class ProductRate {
    /**
     * What the machine's rate is measured by: ELECTRA-Small's feed-forward block on 8 sequences of 128 tokens. Short
     * enough that other work of the machine comes between few of them.
     */
    public static final Product REFERENCE = Product.layer(1024, 256, 1024);

    private final Engine engine;
    private final int javaThreads;
    private final Duration time;

    /**
     * @param javaThreads how many multiply at once, each with its share of the engine's threads and matrices of its own
     * @param time how long each measurement takes, after a warm-up of one multiplication
     */
    public ProductRate(Engine engine, int javaThreads, Duration time) {
        this.engine = engine;
        this.javaThreads = javaThreads;
        this.time = time;
    }

    /**
     * Returns the rate of all threads together, in 10⁹ floating-point operations a second, in the engine's precision.
     *
     * <p>A thread counts with its quickest multiplications, the one that is slower than a tenth of them: what else the
     * machine does makes the others slower, and is not what is measured.
     */
    public double gigaflops(Product product, Product.Direction direction) {
        ExecutorService threads = Executors.newFixedThreadPool(javaThreads);
        CountDownLatch ready = new CountDownLatch(javaThreads);
        try (Engine.Share share = engine.share(javaThreads)) {
            List<Future<Double>> rates = new ArrayList<>();
            for (int i = 0; i < javaThreads; i++) {
                rates.add(threads.submit(() -> {
                    share.enter();
                    return ofOneThread(product, direction, ready);
                }));
            }
            double sum = 0;
            for (Future<Double> rate : rates) {
                sum += rate.get();
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while multiplying", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            threads.shutdown();
        }
    }

    private double ofOneThread(Product product, Product.Direction direction, CountDownLatch ready) throws Exception {
        try (Engine.Scope scope = engine.scope()) {
            Product.Matrices matrices;
            try {
                matrices = product.random(engine);
                nanoseconds(matrices, direction);
            } finally {
                ready.countDown(); // also if it fails, or the others would wait for it
            }
            ready.await();
            List<Long> nanos = new ArrayList<>();
            long end = System.nanoTime() + time.toNanos();
            do {
                nanos.add(nanoseconds(matrices, direction));
            } while (System.nanoTime() < end);
            nanos.sort(null);
            return product.flops() / nanos.get(nanos.size() / 10);
        }
    }

    private static long nanoseconds(Product.Matrices matrices, Product.Direction direction) {
        try (PointerScope one = new PointerScope()) {
            long start = System.nanoTime();
            matrices.multiply(direction);
            Engine.awaitDevice();
            return System.nanoTime() - start;
        }
    }
}
