package dev.changeling.safetensors;

import java.nio.ByteBuffer;
import java.util.List;

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
