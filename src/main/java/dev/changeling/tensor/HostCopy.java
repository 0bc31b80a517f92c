package dev.changeling.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Copies between Java arrays and tensors. */
public final class HostCopy {
    private HostCopy() {}

    /** Returns a tensor of 64-bit integers with these values, row-major, on the engine's device. */
    public static Tensor toDevice(Engine engine, int[] values, long... shape) {
        Tensor host = torch.empty(shape, new TensorOptions(torch.ScalarType.Long), new MemoryFormatOptional());
        if (values.length > 0) { // an empty tensor has no buffer
            LongBuffer buffer = host.createBuffer();
            for (int value : values) {
                buffer.put(value);
            }
        }
        return engine.place(host);
    }

    /** Returns a tensor of 32-bit floats with these values, row-major, on the engine's device. */
    public static Tensor toDevice(Engine engine, float[] values, long... shape) {
        Tensor host = torch.empty(shape);
        write(values, host);
        return engine.place(host);
    }

    /** Returns the numbers of a tensor as floats, row-major. */
    public static float[] toFloats(Tensor tensor) {
        Tensor host = tensor.detach().to(torch.ScalarType.Float).cpu().contiguous();
        float[] values = new float[Math.toIntExact(host.numel())];
        if (values.length > 0) {
            host.<FloatBuffer>createBuffer().get(values);
        }
        return values;
    }

    /** Returns the numbers of a tensor of integers, row-major. */
    public static int[] toInts(Tensor tensor) {
        Tensor host = tensor.to(torch.ScalarType.Long).cpu().contiguous();
        int[] values = new int[Math.toIntExact(host.numel())];
        if (values.length > 0) {
            LongBuffer buffer = host.createBuffer();
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.toIntExact(buffer.get());
            }
        }
        return values;
    }

    /**
     * Returns the little-endian bytes of a tensor of floats, read-only: on the CPU its own memory, not a copy, so that
     * Java's heap needs no room for it. They are valid, and change with the tensor, until the tensor or the enclosing
     * native scope ends; there must be one, since the copy of a tensor on another device belongs to it.
     */
    public static ByteBuffer bytesOf(Tensor tensor) {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalStateException("tensors are written on little-endian processors only");
        }
        Tensor host = tensor.detach().to(torch.ScalarType.Float).cpu().contiguous();
        ByteBuffer bytes = host.numel() == 0
                ? ByteBuffer.allocate(0)
                : new BytePointer(host.data_ptr())
                        .capacity(Math.multiplyExact(host.numel(), (long) Float.BYTES))
                        .asByteBuffer();
        return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Copies the little-endian floats of {@code bytes} into a tensor of the same number of entries. */
    public static void fromBytes(ByteBuffer bytes, Tensor into) {
        FloatBuffer floats = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        if (floats.remaining() != into.numel()) {
            throw new IllegalArgumentException(floats.remaining() + " numbers for a tensor of " + into.numel());
        }
        if (floats.hasRemaining()) {
            Tensor host = torch.empty(into.shape());
            host.<FloatBuffer>createBuffer().put(floats);
            into.copy_(host);
        }
    }

    /** Copies floats, row-major, into a tensor of the same number of entries. */
    public static void fromFloats(float[] values, Tensor into) {
        Tensor host = torch.empty(into.shape());
        write(values, host);
        into.copy_(host);
    }

    private static void write(float[] values, Tensor host) {
        if (values.length > 0) {
            host.<FloatBuffer>createBuffer().put(values);
        }
    }
}
