package dev.changeling.corpus;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.changeling.error.InputException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** How a file is compressed. Its first bytes decide; a name that says otherwise is an error. */
public enum Compression {
    NONE(""),
    GZIP(".gz"),
    ZSTD(".zst");

    private static final int MAGIC_BYTES = 4;

    private final String extension;

    Compression(String extension) {
        this.extension = extension;
    }

    /** Returns the compression that a file's name tells. */
    static Compression ofName(String name) {
        return name.endsWith(GZIP.extension) ? GZIP : name.endsWith(ZSTD.extension) ? ZSTD : NONE;
    }

    /** Returns a file name without the extension of its compression. */
    public static String withoutExtension(String name) {
        return name.substring(0, name.length() - ofName(name).extension.length());
    }

    /**
     * Looks at the first bytes of a stream, which must support marks, and leaves it where it was.
     *
     * @throws InputException if the name tells a compression that the first bytes deny
     */
    static Compression of(String source, InputStream in) throws IOException {
        in.mark(MAGIC_BYTES);
        byte[] magic = in.readNBytes(MAGIC_BYTES);
        in.reset();
        Compression found = ofMagic(magic);
        Compression named = ofName(source);
        if (named != NONE && found != named) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: named %s, but %s",
                    source,
                    named.extension,
                    magic.length == 0 ? "empty" : "its first bytes are " + (found == NONE ? "not " + named : found)));
        }
        return found;
    }

    /**
     * Returns the plain bytes of a stream. While they are read, damaged or cut off data is an {@link InputException}
     * that says how far it got.
     */
    InputStream decompress(String source, InputStream in) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new Decompressed(source, this, new GzipInput(in));
            case ZSTD -> new Decompressed(source, this, new ZstdInputStreamNoFinalizer(in));
        };
    }

    private static Compression ofMagic(byte[] magic) {
        if (magic.length >= 2 && magic[0] == 0x1F && magic[1] == (byte) 0x8B) {
            return GZIP;
        }
        if (magic.length < MAGIC_BYTES) {
            return NONE;
        }
        boolean frame = magic[0] == 0x28 && magic[1] == (byte) 0xB5 && magic[2] == 0x2F && magic[3] == (byte) 0xFD;
        boolean skippable = (magic[0] & 0xF0) == 0x50 && magic[1] == 0x2A && magic[2] == 0x4D && magic[3] == 0x18;
        return frame || skippable ? ZSTD : NONE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Plain bytes that say of damage how far they got. */
    private static final class Decompressed extends FilterInputStream {
        private final String source;
        private final Compression compression;
        private long count;

        Decompressed(String source, Compression compression, InputStream in) {
            super(in);
            this.source = source;
            this.compression = compression;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            try {
                int read = in.read(target, from, length);
                count += Math.max(0, read);
                return read;
            } catch (IOException e) {
                throw new InputException(
                        String.format(
                                Locale.ROOT,
                                "%s: damaged or truncated %s data after %,d bytes of plain text: %s",
                                source,
                                compression,
                                count,
                                e.getMessage()),
                        e);
            }
        }
    }
}
