package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Text by lines, each of bounded length, without its line end (LF or CRLF). */
public final class LineReader implements Closeable {
    private final String source;
    private final Utf8Reader in;
    private final int maximumLength;
    private final char[] buffer = new char[1 << 14];
    private final StringBuilder partial = new StringBuilder();
    private int position;
    private int limit;
    private long line;

    /**
     * @param source what is read, for messages
     * @param maximumLength of a line, in UTF-16 units; a longer one is an error
     */
    public LineReader(String source, Utf8Reader in, int maximumLength) {
        this.source = source;
        this.in = in;
        this.maximumLength = maximumLength;
    }

    /** Returns the number of the line that was returned last, from 1. */
    public long line() {
        return line;
    }

    /** Returns how many malformed UTF-8 sequences were replaced so far. */
    long malformed() {
        return in.malformed();
    }

    /** Returns the next line, or null at the end. */
    public @Nullable String next() throws IOException {
        partial.setLength(0);
        line++;
        while (true) {
            if (position == limit) {
                limit = Math.max(0, in.read(buffer, 0, buffer.length));
                position = 0;
                if (limit == 0) {
                    return partial.isEmpty() ? null : finish();
                }
            }
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            partial.append(buffer, position, end - position);
            if (partial.length() > maximumLength + 1L) {
                throw tooLong();
            }
            boolean ended = end < limit;
            position = ended ? end + 1 : end;
            if (ended) {
                return finish();
            }
        }
    }

    private String finish() {
        int length = partial.length();
        if (length > 0 && partial.charAt(length - 1) == '\r') {
            length--;
        }
        if (length > maximumLength) {
            throw tooLong();
        }
        return partial.substring(0, length);
    }

    private InputException tooLong() {
        return new InputException(String.format(
                Locale.ROOT,
                "%s, line %d: longer than %,d characters, the longest document allowed",
                source,
                line,
                maximumLength));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
