package dev.changeling.shard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of a shard file; {@code docs/formats.md} has the grammar. All numbers are little-endian.
 *
 * <pre>
 * shard     = header tokens starts sequences footer
 * header    = magic:u64 version:u32 rowLength:u32 tokenBytes:u32 vocabularySize:u32
 *             rows:u64 sequences:u64 tokenizer:32 bytes
 * tokens    = rows × rowLength numbers of tokenBytes bytes
 * starts    = (rows + 1) × u32     where a row's sequences begin in the next section
 * sequences = sequences × (length:u16 firstSegment:u16)
 * footer    = 4 × crc32c:u32 (one a section above) size:u64 crc32c:u32 (of the footer so far) magic:u32
 * </pre>
 */
final class ShardFormat {
    /** "CHNGSHRD" as it stands in the file. */
    static final long MAGIC = 0x44524853474E4843L;
    /** "END\n" as it stands in the file. */
    static final int END_MAGIC = 0x0A444E45;

    static final int VERSION = 1;
    static final int HEADER_BYTES = 8 + 4 * 4 + 2 * 8 + 32;
    static final int FOOTER_BYTES = 4 * 4 + 8 + 4 + 4;
    static final int START_BYTES = 4;
    static final int SEQUENCE_BYTES = 4;
    static final int FINGERPRINT_BYTES = 32;
    /** A mapped file has at most 2 GiB on the JVM. */
    static final long MAXIMUM_BYTES = Integer.MAX_VALUE;
    /** The longest row whose lengths fit the table of sequences. */
    static final int MAXIMUM_ROW_LENGTH = 0xFFFF;

    private ShardFormat() {}

    /** Returns the width of a token: two bytes where the vocabulary allows. */
    static int tokenBytes(int vocabularySize) {
        return vocabularySize <= 1 << 16 ? 2 : 4;
    }

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The fields of a header.
     *
     * @param rowLength tokens a row
     * @param tokenBytes 2 or 4
     * @param vocabularySize every token id is below it
     * @param rows of the shard
     * @param sequences of all rows
     * @param tokenizer SHA-256 that tells the tokenizer
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
    record Header(int rowLength, int tokenBytes, int vocabularySize, long rows, long sequences, byte[] tokenizer) {
        ByteBuffer encode() {
            return buffer(HEADER_BYTES)
                    .putLong(MAGIC)
                    .putInt(VERSION)
                    .putInt(rowLength)
                    .putInt(tokenBytes)
                    .putInt(vocabularySize)
                    .putLong(rows)
                    .putLong(sequences)
                    .put(tokenizer)
                    .flip();
        }

        /** Reads the fields after magic and version. */
        static Header decode(ByteBuffer bytes) {
            int rowLength = bytes.getInt();
            int tokenBytes = bytes.getInt();
            int vocabularySize = bytes.getInt();
            long rows = bytes.getLong();
            long sequences = bytes.getLong();
            byte[] tokenizer = new byte[FINGERPRINT_BYTES];
            bytes.get(tokenizer);
            return new Header(rowLength, tokenBytes, vocabularySize, rows, sequences, tokenizer);
        }
    }
}
