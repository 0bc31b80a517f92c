package dev.changeling.shard;

import dev.changeling.disk.Disk;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * How often each token stands in the training split, and the file that holds it: {@code magic:u64 version:u32
 * vocabularySize:u32 counts:vocabularySize × u64 crc32c:u32}, little-endian.
 */
final class TokenCounts {
    static final String FILE = "token-counts.bin";
    /** "CHNGTCNT" as it stands in the file. */
    private static final long MAGIC = 0x544E4354474E4843L;

    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 16;
    private static final int CRC_BYTES = 4;

    private TokenCounts() {}

    static void write(Path folder, long[] counts) throws IOException {
        byte[] content = new byte[HEADER_BYTES + 8 * counts.length + CRC_BYTES];
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC).putInt(VERSION).putInt(counts.length);
        for (long count : counts) {
            bytes.putLong(count);
        }
        bytes.putInt(crc(bytes));
        new Disk().replace(folder.resolve(FILE), content);
    }

    static long[] read(Path folder, int vocabularySize) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file");
        }
        int expected = HEADER_BYTES + 8 * vocabularySize + CRC_BYTES;
        if (Files.size(file) != expected) {
            throw new InputException(
                    String.format(Locale.ROOT, "%s: %,d bytes long; expected %,d", file, Files.size(file), expected));
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(expected - CRC_BYTES);
        if (crc(bytes) != bytes.getInt()
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(8) != VERSION
                || bytes.getInt(12) != vocabularySize) {
            throw new InputException(file + ": damaged: wrong checksum or header");
        }
        long[] counts = new long[vocabularySize];
        bytes.position(HEADER_BYTES).asLongBuffer().get(counts);
        return counts;
    }

    /** Returns the checksum of everything before the buffer's position. */
    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().flip());
        return (int) crc.getValue();
    }
}
