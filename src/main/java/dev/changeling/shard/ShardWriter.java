package dev.changeling.shard;

import dev.changeling.disk.Disk;
import dev.changeling.error.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Writes one shard, row by row, under a temporary name; {@link #finish} gives it its own. Closed before that, it leaves
 * nothing behind.
 */
final class ShardWriter implements Closeable {
    private static final int BUFFER_BYTES = 1 << 18;

    private final Path file;
    private final Path temporary;
    private final int rowLength;
    private final int tokenBytes;
    private final int vocabularySize;
    private final byte[] tokenizer;
    private final FileChannel channel;
    private final ByteBuffer buffer = ShardFormat.buffer(BUFFER_BYTES);
    private final CRC32C crc = new CRC32C();
    /** Lengths and first segments of every sequence, two 16-bit halves a number. */
    private int[] sequenceTable = new int[1024];

    private int[] starts = new int[1024];
    private int sequences;
    private int rows;
    private long realTokens;
    private boolean finished;

    ShardWriter(Path file, int rowLength, int vocabularySize, byte[] tokenizer) throws IOException {
        this.file = file;
        this.temporary = file.resolveSibling(file.getFileName() + Disk.TEMPORARY);
        this.rowLength = rowLength;
        this.tokenBytes = ShardFormat.tokenBytes(vocabularySize);
        this.vocabularySize = vocabularySize;
        this.tokenizer = tokenizer;
        this.channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        try {
            channel.position(ShardFormat.HEADER_BYTES);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    Path file() {
        return file;
    }

    /** Returns how many tokens are not padding. */
    long realTokens() {
        return realTokens;
    }

    /** Returns how large the file would be if it were finished now. */
    long bytes() {
        return size(rows, sequences);
    }

    private long size(long rowCount, long sequenceCount) {
        return ShardFormat.HEADER_BYTES
                + rowCount * rowLength * tokenBytes
                + (rowCount + 1) * ShardFormat.START_BYTES
                + sequenceCount * ShardFormat.SEQUENCE_BYTES
                + ShardFormat.FOOTER_BYTES;
    }

    void add(Row row) throws IOException {
        if (size(rows + 1L, sequences + (long) row.lengths().length) > ShardFormat.MAXIMUM_BYTES) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: a shard would grow beyond 2 GiB, because a single document does not fit; split it",
                    file));
        }
        for (int token : row.tokens()) {
            if (token < 0 || token >= vocabularySize) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: the tokenizer gave token %d; expected ids below the vocabulary size %d",
                        file,
                        token,
                        vocabularySize));
            }
            room(tokenBytes);
            if (tokenBytes == 2) {
                buffer.putShort((short) token);
            } else {
                buffer.putInt(token);
            }
        }
        if (rows == starts.length) {
            starts = Arrays.copyOf(starts, 2 * rows);
        }
        starts[rows++] = sequences;
        for (int i = 0; i < row.lengths().length; i++) {
            if (sequences == sequenceTable.length) {
                sequenceTable = Arrays.copyOf(sequenceTable, 2 * sequences);
            }
            sequenceTable[sequences++] = row.lengths()[i] | row.firstSegments()[i] << 16;
            realTokens += row.lengths()[i];
        }
    }

    /** Writes tables and checksums, forces the file to disk and gives it its name. */
    void finish() throws IOException {
        int tokensCrc = endSection();
        for (int i = 0; i < rows; i++) {
            room(ShardFormat.START_BYTES);
            buffer.putInt(starts[i]);
        }
        room(ShardFormat.START_BYTES);
        buffer.putInt(sequences);
        int startsCrc = endSection();
        for (int i = 0; i < sequences; i++) {
            room(ShardFormat.SEQUENCE_BYTES);
            buffer.putInt(sequenceTable[i]);
        }
        int sequencesCrc = endSection();

        ByteBuffer header =
                new ShardFormat.Header(rowLength, tokenBytes, vocabularySize, rows, sequences, tokenizer).encode();
        crc.update(header.duplicate());
        int headerCrc = (int) crc.getValue();
        crc.reset();
        room(ShardFormat.FOOTER_BYTES);
        buffer.putInt(headerCrc)
                .putInt(tokensCrc)
                .putInt(startsCrc)
                .putInt(sequencesCrc)
                .putLong(bytes());
        crc.update(buffer.duplicate().flip());
        buffer.putInt((int) crc.getValue()).putInt(ShardFormat.END_MAGIC);
        drain();
        while (header.hasRemaining()) {
            channel.write(header, header.position());
        }
        channel.force(true);
        channel.close();
        new Disk().move(temporary, file);
        finished = true;
    }

    private int endSection() throws IOException {
        drain();
        int value = (int) crc.getValue();
        crc.reset();
        return value;
    }

    private void room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            drain();
        }
    }

    private void drain() throws IOException {
        buffer.flip();
        crc.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            finished = true;
            channel.close();
            Files.deleteIfExists(temporary);
        }
    }
}
