package dev.changeling.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The lines of standard input, each as soon as it has come. What is no UTF-8 is replaced and counted: a line that
 * somebody types must not end the program.
 */
final class StandardLines {
    private static final char REPLACEMENT = '\uFFFD';
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream in = System.in;
    private boolean isFirst = true;
    private long malformed;

    /** Returns the next line, or null after the last. */
    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int read = in.read();
        if (read < 0) {
            return null;
        }
        while (read >= 0 && read != '\n') {
            bytes.write(read);
            read = in.read();
        }
        return line(bytes.toByteArray());
    }

    private String line(byte[] bytes) {
        String line = new String(bytes, StandardCharsets.UTF_8);
        malformed += line.chars().filter(c -> c == REPLACEMENT).count() - given(bytes);
        if (isFirst && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK) {
            line = line.substring(1);
        }
        isFirst = false;
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** Returns how often the replacement itself was written. */
    private static long given(byte[] bytes) {
        long count = 0;
        for (int i = 0; i + 2 < bytes.length; i++) {
            if (bytes[i] == (byte) 0xEF && bytes[i + 1] == (byte) 0xBF && bytes[i + 2] == (byte) 0xBD) {
                count++;
            }
        }
        return count;
    }

    /** Tells, if it was so, that not all that was read is text. */
    void tellInvalid(PrintWriter err) {
        tellInvalid(malformed, err);
    }

    /** Tells how many sequences of bytes were no UTF-8, if any. */
    static void tellInvalid(long count, PrintWriter err) {
        if (count > 0) {
            err.println(String.format(
                    Locale.ROOT, "invalid UTF-8: %,d sequence%s replaced", count, count == 1 ? " was" : "s were"));
            err.flush();
        }
    }
}
