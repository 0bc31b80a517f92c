package dev.changeling.shard;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;

/** One shard, mapped into memory and checked as a whole. Immutable; safe for use by several threads. */
final class Shard {
    private final Path file;
    private final ShardFormat.Header header;
    private final int footerCrc;
    private final ByteBuffer tokens;
    private final ByteBuffer starts;
    private final ByteBuffer sequences;

    private Shard(
            Path file,
            ShardFormat.Header header,
            int footerCrc,
            ByteBuffer tokens,
            ByteBuffer starts,
            ByteBuffer sequences) {
        this.file = file;
        this.header = header;
        this.footerCrc = footerCrc;
        this.tokens = tokens;
        this.starts = starts;
        this.sequences = sequences;
    }

    /**
     * Maps a shard and checks every byte of it.
     *
     * @throws InputException if the file is no shard, is cut off or was altered
     */
    static Shard open(Path file) throws IOException {
        ByteBuffer bytes = map(file);
        ShardFormat.Header header = header(file, bytes);
        long tokensAt = ShardFormat.HEADER_BYTES;
        // The counts are below 2^31 and 2^32, so that none of these sums can overflow.
        long startsAt = tokensAt + header.rows() * header.rowLength() * header.tokenBytes();
        long sequencesAt = startsAt + (header.rows() + 1) * ShardFormat.START_BYTES;
        long footerAt = sequencesAt + header.sequences() * ShardFormat.SEQUENCE_BYTES;
        long size = footerAt + ShardFormat.FOOTER_BYTES;
        if (size != bytes.limit()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: %,d bytes long, but its header tells of %,d: %s",
                    file,
                    bytes.limit(),
                    size,
                    bytes.limit() < size ? "cut off" : "damaged"));
        }
        ByteBuffer footer = slice(bytes, footerAt, size);
        ByteBuffer footerFields = slice(bytes, footerAt, size - 8);
        if (footer.getInt(ShardFormat.FOOTER_BYTES - 4) != ShardFormat.END_MAGIC) {
            throw new InputException(file + ": no end mark; the file was not written to its end, or is damaged");
        }
        int footerCrc = footer.getInt(ShardFormat.FOOTER_BYTES - 8);
        if (crc(footerFields) != footerCrc || footer.getLong(16) != size) {
            throw damaged(file, "footer");
        }
        ByteBuffer tokens = slice(bytes, tokensAt, startsAt);
        ByteBuffer starts = slice(bytes, startsAt, sequencesAt);
        ByteBuffer sequences = slice(bytes, sequencesAt, footerAt);
        check(file, "header", slice(bytes, 0, tokensAt), footer.getInt(0));
        check(file, "tokens", tokens, footer.getInt(4));
        check(file, "row starts", starts, footer.getInt(8));
        check(file, "sequences", sequences, footer.getInt(12));
        Shard shard = new Shard(file, header, footerCrc, tokens, starts, sequences);
        shard.checkContent();
        return shard;
    }

    private static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < ShardFormat.HEADER_BYTES + ShardFormat.FOOTER_BYTES || size > ShardFormat.MAXIMUM_BYTES) {
                throw new InputException(
                        String.format(Locale.ROOT, "%s: %,d bytes long; no shard has this size", file, size));
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static ShardFormat.Header header(Path file, ByteBuffer bytes) {
        ByteBuffer head = slice(bytes, 0, ShardFormat.HEADER_BYTES);
        if (head.getLong() != ShardFormat.MAGIC) {
            throw new InputException(file + ": no shard; its first bytes are not CHNGSHRD");
        }
        int version = head.getInt();
        if (version != ShardFormat.VERSION) {
            throw new InputException(String.format(
                    Locale.ROOT, "%s: shard format version %d; expected %d", file, version, ShardFormat.VERSION));
        }
        ShardFormat.Header header = ShardFormat.Header.decode(head);
        if (header.rowLength() < 1
                || header.rowLength() > ShardFormat.MAXIMUM_ROW_LENGTH
                || header.vocabularySize() < 1
                || header.tokenBytes() != ShardFormat.tokenBytes(header.vocabularySize())
                || header.rows() < 0
                || header.rows() > Integer.MAX_VALUE
                || header.sequences() < 0
                || header.sequences() > Integer.MAX_VALUE) {
            throw damaged(file, "header");
        }
        return header;
    }

    private static void check(Path file, String section, ByteBuffer bytes, int expected) {
        if (crc(bytes) != expected) {
            throw damaged(file, section);
        }
    }

    private static InputException damaged(Path file, String section) {
        return new InputException(file + ": damaged: the checksum or a field of its " + section + " is wrong");
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    private static ByteBuffer slice(ByteBuffer bytes, long from, long to) {
        return bytes.slice((int) from, (int) (to - from)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Checks what a writer gone wrong could have sealed with a right checksum. */
    private void checkContent() {
        for (int i = 0; i < rows() * header.rowLength(); i++) {
            int token = tokenAt(i);
            if (token < 0 || token >= header.vocabularySize()) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s, row %d: token %d; expected ids below the vocabulary size %d",
                        file,
                        i / header.rowLength(),
                        token,
                        header.vocabularySize()));
            }
        }
        for (int row = 0; row < rows(); row++) {
            int first = start(row);
            int last = start(row + 1);
            if (first > last || first < 0 || last > header.sequences() || (row == 0 && first != 0)) {
                throw new InputException(
                        String.format(Locale.ROOT, "%s, row %d: its sequences begin out of order", file, row));
            }
            long used = 0;
            for (int i = 0; i < last - first; i++) {
                used += length(row, i);
                if (length(row, i) < 1 || firstSegment(row, i) > length(row, i)) {
                    throw new InputException(
                            String.format(Locale.ROOT, "%s, row %d: impossible sequence lengths", file, row));
                }
            }
            if (used > header.rowLength()) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s, row %d: sequences of %d tokens in a row of %d",
                        file,
                        row,
                        used,
                        header.rowLength()));
            }
        }
        if (start(rows()) != header.sequences()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: its rows hold %d sequences, its header tells of %d",
                    file,
                    start(rows()),
                    header.sequences()));
        }
    }

    Path file() {
        return file;
    }

    int rows() {
        return (int) header.rows();
    }

    int rowLength() {
        return header.rowLength();
    }

    int vocabularySize() {
        return header.vocabularySize();
    }

    long sequenceCount() {
        return header.sequences();
    }

    boolean tokenizedBy(byte[] fingerprint) {
        return Arrays.equals(header.tokenizer(), fingerprint);
    }

    /** Returns the checksum of all checksums, which tells this shard from any other. */
    int checksum() {
        return footerCrc;
    }

    /** Returns how many sequences a row has. */
    int sequences(int row) {
        return start(row + 1) - start(row);
    }

    /** Returns the length of a row's sequence, [CLS] and [SEP] included. */
    int length(int row, int sequence) {
        return sequences.getShort((start(row) + sequence) * ShardFormat.SEQUENCE_BYTES) & 0xFFFF;
    }

    /** Returns how many tokens of a row's sequence are of segment 0. */
    int firstSegment(int row, int sequence) {
        return sequences.getShort((start(row) + sequence) * ShardFormat.SEQUENCE_BYTES + 2) & 0xFFFF;
    }

    /** Copies a row's tokens. */
    void copyTokens(int row, int[] target, int offset) {
        int from = row * header.rowLength();
        for (int i = 0; i < header.rowLength(); i++) {
            target[offset + i] = tokenAt(from + i);
        }
    }

    private int tokenAt(int index) {
        return header.tokenBytes() == 2 ? tokens.getShort(2 * index) & 0xFFFF : tokens.getInt(4 * index);
    }

    private int start(int row) {
        return starts.getInt(row * ShardFormat.START_BYTES);
    }
}
