package dev.changeling.tensor;

import dev.changeling.random.RandomStream;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What dropout multiplies with: 0 where a number is dropped, else a factor that keeps the expectation. A function of a
 * seed and the number's place, so that it need not be kept for the backward pass but is made again.
 *
 * <p>On the CPU the choices are made here: libtorch draws one after another from the process's Mersenne twister, which
 * takes twenty times as long and is shared by all threads. On a GPU they are the device's own.
 */
public final class DropoutMask {
    private static final int CHOICES = 1 << 24;
    /** Numbers that are made at once, in an array, where the JIT compiler makes them several at a time. */
    private static final int CHUNK = 1 << 11;

    /** From 0: the JIT compiler of JDK 17 does not make vectors of a loop's counter. */
    private static final int[] PLACES = IntStream.range(0, CHUNK).toArray();

    private final Engine engine;
    private final long seed;
    private final double probability;

    /**
     * @param seed of the choices
     * @param probability that a number is dropped, in (0, 1); on the CPU rounded to a multiple of 2⁻²⁴
     */
    public DropoutMask(Engine engine, long seed, double probability) {
        this.engine = engine;
        this.seed = seed;
        this.probability = probability;
    }

    /** Returns the factors of a tensor of up to 2³² numbers. */
    public Tensor of(long... shape) {
        Tensor mask = torch.empty(shape, engine.floats(), new MemoryFormatOptional());
        if (mask.is_cpu()) {
            fill(mask, 0);
            return mask;
        }
        torch.manual_seed(seed);
        return mask.bernoulli_(1 - probability, new GeneratorOptional()).mul_(new Scalar(1 / (1 - probability)));
    }

    /**
     * Writes the factors of a part of a tensor; on the CPU.
     *
     * @param part where to write them, contiguous
     * @param first the place of the part's first number in the tensor, counted row-major
     */
    public void fill(Tensor part, long first) {
        if (!part.is_cpu() || !part.is_contiguous()) {
            throw new IllegalArgumentException("a part of a mask must be in one piece, on the CPU");
        }
        int dropped = (int) Math.min(CHOICES - 1, Math.rint(probability * CHOICES));
        int kept = Float.floatToRawIntBits((float) CHOICES / (CHOICES - dropped));
        long size = part.numel();
        int[] chunk = new int[(int) Math.min(CHUNK, size)];
        for (long start = 0; start < size; start += chunk.length) {
            int count = (int) Math.min(chunk.length, size - start);
            choose(chunk, count, (int) (first + start), dropped, kept);
            window(part, start, count).put(chunk, 0, count);
        }
    }

    // A hash of the place and two keys: MurmurHash3's finaliser, the second key between its rounds. All in 32 bits,
    // which is what the JIT compiler finds vector instructions for; and without a branch.
    private void choose(int[] chunk, int count, int first, int dropped, int kept) {
        long keys = RandomStream.mix(seed);
        int start = first * 0x9E3779B1 + (int) keys;
        int between = (int) (keys >>> 32);
        for (int i = 0; i < count; i++) {
            int hash = PLACES[i] * 0x9E3779B1 + start;
            hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B + between;
            hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
            hash = (hash ^ (hash >>> 16)) >>> 8;
            chunk[i] = kept & ~((hash - dropped) >> 31);
        }
    }

    private static IntBuffer window(Tensor part, long first, int count) {
        return new BytePointer(part.data_ptr())
                .position(first * Float.BYTES)
                .limit((first + count) * Float.BYTES)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
    }
}
