package dev.changeling.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.OptionalInt;

/**
 * An array as a file holds it: a name, a shape and little-endian bytes. No engine is needed to read or write one.
 *
 * @param name for example {@code electra.embeddings.word_embeddings.weight}
 * @param type of the numbers
 * @param shape outermost dimension first; empty for a scalar
 * @param data the numbers, row-major, little-endian, from position to limit
 */
public record NamedArray(String name, Type type, List<Long> shape, ByteBuffer data) {

    /** @throws IllegalArgumentException if the bytes aren't as many as type and shape say */
    public NamedArray {
        shape = List.copyOf(shape);
        long expected = type.bytes(shape);
        if (data.remaining() != expected) {
            throw new IllegalArgumentException(
                    name + " has " + data.remaining() + " bytes, but " + type + shape + " takes " + expected);
        }
    }

    /**
     * Returns the numbers as 32-bit floats; those of a wider type are rounded.
     *
     * @throws IllegalStateException if they are integers
     */
    public float[] floats() {
        ByteBuffer bytes = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[bytes.remaining() / type.bytes()];
        switch (type) {
            case F32 -> bytes.asFloatBuffer().get(floats);
            case F64 -> {
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (float) bytes.getDouble();
                }
            }
            case BF16 -> {
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = Float.intBitsToFloat(bytes.getShort() << 16);
                }
            }
            case F16 -> {
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = halfToFloat(bytes.getShort());
                }
            }
            default -> throw new IllegalStateException(name + " holds integers of type " + type);
        }
        return floats;
    }

    /**
     * Returns the same numbers as 32-bit floats; this array itself if they are that already.
     *
     * @throws IllegalStateException if they are integers
     */
    public NamedArray asFloats() {
        if (type == Type.F32) {
            return this;
        }
        float[] floats = floats();
        ByteBuffer bytes = ByteBuffer.allocate(floats.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(floats);
        return new NamedArray(name, Type.F32, shape, bytes);
    }

    /** Returns where the first of these 32-bit floats is that is not finite. */
    OptionalInt firstNotFinite() {
        FloatBuffer floats = data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        while (floats.hasRemaining()) {
            if (!Float.isFinite(floats.get())) {
                return OptionalInt.of(floats.position() - 1);
            }
        }
        return OptionalInt.empty();
    }

    /** Returns one of the numbers, in the width that it has. */
    double doubleAt(int index) {
        int from = data.position() + index * type.bytes();
        ByteBuffer number = data.duplicate()
                .position(from)
                .limit(from + type.bytes())
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        return type == Type.F64 ? number.getDouble() : new NamedArray(name, type, List.of(), number).floats()[0];
    }

    /** Widens an IEEE 754 binary16; {@code Float.float16ToFloat} is in Java 20 and newer. */
    private static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0x1f) {
            return Float.intBitsToFloat(sign | 0x7f800000 | (fraction << 13));
        }
        float magnitude = exponent == 0
                ? fraction * 0x1p-24f
                : Float.intBitsToFloat(((exponent - 15 + 127) << 23) | (fraction << 13));
        return sign == 0 ? magnitude : -magnitude;
    }

    /** The number formats that files here hold. */
    public enum Type {
        F32(4),
        F16(2),
        BF16(2),
        F64(8),
        I64(8),
        I32(4),
        U8(1),
        BOOL(1);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Returns the size of one number in bytes. */
        public int bytes() {
            return bytes;
        }

        /** Returns whether the numbers have fractions. */
        public boolean isFloatingPoint() {
            return this == F32 || this == F16 || this == BF16 || this == F64;
        }

        /**
         * Returns the size of an array in bytes.
         *
         * @throws ArithmeticException if it doesn't fit 64 bits, or a dimension is negative
         */
        long bytes(List<Long> shape) {
            long total = bytes;
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw new ArithmeticException("negative dimension " + dimension);
                }
                total = Math.multiplyExact(total, dimension);
            }
            return total;
        }
    }
}
