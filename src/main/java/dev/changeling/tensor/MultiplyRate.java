package dev.changeling.tensor;

import java.time.Duration;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** How fast this machine multiplies matrices of the size that a small encoder's feed-forward block has. */
@SuppressWarnings("try") // a scope works by being open, not by being used
public final class MultiplyRate {
    /** Rows: 32 sequences of 128 tokens. */
    public static final int ROWS = 4096;
    /** H of ELECTRA-Small. */
    public static final int INNER = 256;
    /** Its feed-forward width. */
    public static final int COLUMNS = 1024;

    private MultiplyRate() {}

    /**
     * Multiplies on the CPU in float32 and returns the best rate seen, in 10⁹ floating-point operations a second.
     *
     * @param time how long to try, after a warm-up of one multiplication
     */
    public static double measure(Duration time) {
        try (PointerScope all = new PointerScope()) {
            Tensor left = torch.rand(ROWS, INNER);
            Tensor right = torch.rand(INNER, COLUMNS);
            nanoseconds(left, right);
            long best = Long.MAX_VALUE;
            long end = System.nanoTime() + time.toNanos();
            do {
                best = Math.min(best, nanoseconds(left, right));
            } while (System.nanoTime() < end);
            return 2.0 * ROWS * INNER * COLUMNS / best;
        }
    }

    private static long nanoseconds(Tensor left, Tensor right) {
        try (PointerScope one = new PointerScope()) {
            long start = System.nanoTime();
            torch.matmul(left, right);
            return System.nanoTime() - start;
        }
    }
}
