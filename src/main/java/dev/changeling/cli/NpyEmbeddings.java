package dev.changeling.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Vectors as NumPy's {@code .npy}, version 1.0: an array of little-endian 32-bit floats, [N, H], a row a text
 * (numpy.org/doc/stable/reference/generated/numpy.lib.format.html). How many rows there are is known at the end, so the
 * header has room for any number, and is written twice.
 */
final class NpyEmbeddings implements EmbeddingSink {
    /** In bytes; a multiple of 64, as the format asks for. */
    private static final int HEADER = 128;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

    private final FileChannel channel;
    private final int width;
    private long rows;

    NpyEmbeddings(FileChannel channel, int width) throws IOException {
        this.channel = channel;
        this.width = width;
        channel.position(0);
        writeFully(header());
    }

    @Override
    public void write(List<String> texts, float[][] vectors) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(vectors.length * width * Float.BYTES);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (float[] vector : vectors) {
            bytes.asFloatBuffer().put(vector);
            bytes.position(bytes.position() + width * Float.BYTES);
        }
        writeFully(bytes.flip());
        rows += vectors.length;
    }

    @Override
    public void finish() throws IOException {
        channel.position(0);
        writeFully(header());
    }

    private ByteBuffer header() {
        String fields = String.format(
                Locale.ROOT, "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", rows, width);
        int length = HEADER - MAGIC.length - Short.BYTES;
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).putShort((short) length);
        header.put(
                String.format(Locale.ROOT, "%-" + (length - 1) + "s\n", fields).getBytes(StandardCharsets.US_ASCII));
        return header.flip();
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
