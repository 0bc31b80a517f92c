package dev.changeling.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * UTF-8 text as characters: skips a byte order mark, refuses binary data, and either replaces and counts malformed
 * sequences or refuses them.
 */
public final class Utf8Reader extends Reader {
    private static final int BYTES = 1 << 16;
    private static final char REPLACEMENT = '\uFFFD';
    /** Text in a single-byte encoding has a few malformed bytes in a hundred; more than this is no text in UTF-8. */
    private static final double MOST_MALFORMED = 0.3;

    private final String source;
    private final InputStream in;
    private final boolean strict;
    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES).limit(0);
    private final CharBuffer chars = CharBuffer.allocate(BYTES).limit(0);
    private final CharsetDecoder decoder = UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private boolean started;
    private boolean ended;
    /** Bytes of the input before the start of {@link #bytes}. */
    private long offset;

    private long line = 1;
    private long malformed;

    /**
     * @param source what is read, for messages
     * @param strict whether malformed UTF-8 is an error; otherwise it is read as U+FFFD and counted
     */
    public Utf8Reader(String source, InputStream in, boolean strict) {
        this.source = source;
        this.in = in;
        this.strict = strict;
    }

    /**
     * Opens a file, plain or compressed, in which malformed UTF-8 is an error.
     *
     * @throws InputException if it is missing, can't be read, or is not compressed as its name tells
     */
    public static Utf8Reader open(Path file) {
        try {
            InputStream in = new BufferedInputStream(Files.newInputStream(file), BYTES);
            try {
                Compression compression = Compression.of(file.toString(), in);
                return new Utf8Reader(file.toString(), compression.decompress(file.toString(), in), true);
            } catch (IOException | RuntimeException e) {
                in.close();
                throw e;
            }
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    /** Returns how many malformed sequences were replaced so far. */
    long malformed() {
        return malformed;
    }

    @Override
    public int read(char[] target, int from, int length) throws IOException {
        if (!chars.hasRemaining() && !decode()) {
            return -1;
        }
        int count = Math.min(length, chars.remaining());
        chars.get(target, from, count);
        return count;
    }

    /** Decodes some characters into {@link #chars}; returns false at the end of the input. */
    private boolean decode() throws IOException {
        if (!started) {
            start();
        }
        chars.clear();
        while (chars.position() == 0) {
            CoderResult result = decoder.decode(bytes, chars, ended);
            if (result.isMalformed() && chars.hasRemaining()) {
                replace(result.length());
            } else if (result.isUnderflow() && chars.position() == 0) {
                if (ended) {
                    break;
                }
                fill();
            }
        }
        chars.flip();
        countLines();
        return chars.hasRemaining();
    }

    private void replace(int length) {
        if (strict) {
            chars.flip();
            countLines();
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s, line %d: malformed UTF-8 (byte 0x%02X) at byte offset %d",
                    source,
                    line,
                    bytes.get(bytes.position()),
                    offset + bytes.position()));
        }
        malformed++;
        bytes.position(bytes.position() + length);
        chars.put(REPLACEMENT);
    }

    private void countLines() {
        for (int i = chars.position(); i < chars.limit(); i++) {
            if (chars.get(i) == '\n') {
                line++;
            }
        }
    }

    /** Reads the first bytes and looks whether they are text. */
    private void start() throws IOException {
        started = true;
        fill();
        for (int i = 0; i < bytes.limit(); i++) {
            if (bytes.get(i) == 0) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: binary data (a NUL byte at byte offset %d); expected text in UTF-8",
                        source,
                        i));
            }
        }
        String sample = new String(bytes.array(), 0, bytes.limit(), UTF_8);
        long replaced = sample.chars().filter(c -> c == REPLACEMENT).count();
        if (replaced > MOST_MALFORMED * sample.length()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: %d of the first %d characters are malformed UTF-8: binary data or another encoding; "
                            + "expected text in UTF-8",
                    source,
                    replaced,
                    sample.length()));
        }
        if (bytes.limit() >= 3
                && bytes.get(0) == (byte) 0xEF
                && bytes.get(1) == (byte) 0xBB
                && bytes.get(2) == (byte) 0xBF) {
            bytes.position(3);
        }
    }

    /** Moves what is left to the front and reads until the buffer is full or the input ends. */
    private void fill() throws IOException {
        offset += bytes.position();
        bytes.compact();
        while (bytes.hasRemaining()) {
            int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
            if (count < 0) {
                ended = true;
                break;
            }
            bytes.position(bytes.position() + count);
        }
        bytes.flip();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
