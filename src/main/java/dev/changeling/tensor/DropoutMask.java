package dev.changeling.tensor;

import dev.changeling.random.RandomStream;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What dropout multiplies with: 0 where a number is dropped, else a factor that keeps the expectation.
 *
 * <p>On the CPU the choices are drawn here, 16 random bits each: libtorch draws one after another from the process's
 * Mersenne twister, which takes five times as long and is shared by all threads. On a GPU they are the device's own.
 */
public final class DropoutMask {
    private static final int CHOICES = 1 << 16;
    /** Numbers that are filled at once: a buffer of Java's holds less than 2 GiB. A multiple of 4. */
    private static final int WINDOW = 1 << 20;

    private DropoutMask() {}

    /**
     * Draws a mask.
     *
     * @param random where the choices come from
     * @param probability that a number is dropped, in (0, 1); on the CPU rounded to a multiple of 2⁻¹⁶
     * @param shape of the numbers
     */
    public static Tensor draw(Engine engine, RandomStream random, double probability, long... shape) {
        Tensor mask = torch.empty(shape, engine.floats(), new MemoryFormatOptional());
        if (mask.is_cpu()) {
            if (mask.numel() > 0) {
                fill(mask, random, probability);
            }
            return mask;
        }
        torch.manual_seed(random.nextLong());
        return mask.bernoulli_(1 - probability, new GeneratorOptional()).mul_(new Scalar(1 / (1 - probability)));
    }

    private static void fill(Tensor mask, RandomStream random, double probability) {
        int dropped = (int) Math.max(1, Math.min(CHOICES - 1, Math.rint(probability * CHOICES)));
        int kept = Float.floatToRawIntBits((float) CHOICES / (CHOICES - dropped));
        long size = mask.numel();
        for (long first = 0; first < size; first += WINDOW) {
            fill(window(mask, first, (int) Math.min(WINDOW, size - first)), random, dropped, kept);
        }
    }

    private static IntBuffer window(Tensor mask, long first, int count) {
        return new BytePointer(mask.data_ptr())
                .position(first * Float.BYTES)
                .limit((first + count) * Float.BYTES)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
    }

    private static void fill(IntBuffer bits, RandomStream random, int dropped, int kept) {
        int count = bits.remaining();
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            long four = random.nextLong();
            bits.put(i, factor((int) four & 0xFFFF, dropped, kept));
            bits.put(i + 1, factor((int) (four >>> 16) & 0xFFFF, dropped, kept));
            bits.put(i + 2, factor((int) (four >>> 32) & 0xFFFF, dropped, kept));
            bits.put(i + 3, factor((int) (four >>> 48), dropped, kept));
        }
        for (; i < count; i++) {
            bits.put(i, factor((int) random.nextLong() & 0xFFFF, dropped, kept));
        }
    }

    /**
     * Returns the bits of 0 if the choice is below {@code dropped}, else {@code kept}, without a branch to mispredict.
     */
    private static int factor(int choice, int dropped, int kept) {
        return kept & ~((choice - dropped) >> 31);
    }
}
