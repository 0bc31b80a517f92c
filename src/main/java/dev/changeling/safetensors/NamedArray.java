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
    }
}
