package dev.changeling.tensor;

import dev.changeling.random.RandomStream;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Random numbers from the exponential distribution of mean 1, for rows of places. A function of each row's seed and the
 * place, so that they neither need to be kept nor depend on how the rows are put together.
 *
 * <p>Made by the processor, also for a GPU, as {@code −log u} of an odd multiple u of 2⁻²⁴ in (0, 1): never 0 nor
 * infinite.
 */
public final class ExponentialNoise {
    /** Numbers that are made at once, in an array, where the JIT compiler makes them several at a time. */
    private static final int CHUNK = 1 << 11;

    /** From 0: the JIT compiler of JDK 17 does not make vectors of a loop's counter. */
    private static final int[] PLACES = IntStream.range(0, CHUNK).toArray();

    private ExponentialNoise() {}

    /**
     * Writes the numbers of some rows.
     *
     * @param rows_RN where to write them, contiguous
     * @param seeds one for each row
     * @param first the place of the first row's seed among them
     */
    public static void fill(Tensor rows_RN, long[] seeds, int first) {
        Tensor host_RN = rows_RN.is_cpu() ? rows_RN : torch.empty(rows_RN.shape());
        int width = Math.toIntExact(rows_RN.size(1));
        FloatBuffer numbers = new BytePointer(host_RN.data_ptr())
                .capacity(host_RN.numel() * Float.BYTES)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        float[] chunk = new float[Math.min(CHUNK, width)];
        for (int row = 0; row < rows_RN.size(0); row++) {
            long keys = RandomStream.mix(seeds[first + row]);
            for (int start = 0; start < width; start += chunk.length) {
                int count = Math.min(chunk.length, width - start);
                uniforms(chunk, count, start, keys);
                numbers.put(chunk, 0, count);
            }
        }
        if (!rows_RN.is_cpu()) {
            rows_RN.copy_(host_RN);
        }
        rows_RN.log_().neg_();
    }

    /** Returns one more number for each row, [R, 1], on the engine's device. */
    public static Tensor ofRows(Engine engine, long[] seeds, int first, int rows) {
        float[] numbers = new float[rows];
        for (int row = 0; row < rows; row++) {
            long bits = RandomStream.mix(RandomStream.mix(seeds[first + row]) + 1);
            numbers[row] = (float) -Math.log(((bits >>> 41) * 2 + 1) * 0x1p-24);
        }
        return HostCopy.toDevice(engine, numbers, rows, 1);
    }

    // The hash of DropoutMask.
    private static void uniforms(float[] chunk, int count, int first, long keys) {
        int start = first * 0x9E3779B1 + (int) keys;
        int between = (int) (keys >>> 32);
        for (int i = 0; i < count; i++) {
            int hash = PLACES[i] * 0x9E3779B1 + start;
            hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B + between;
            hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
            hash = (hash ^ (hash >>> 16)) >>> 9;
            chunk[i] = (hash * 2 + 1) * 0x1p-24f;
        }
    }
}
