package dev.changeling.cli;

import dev.changeling.corpus.Utf8Reader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The lines of standard input, read as they come. */
final class StandardLines {
    private final Utf8Reader text = new Utf8Reader("standard input", System.in, false);
    private final BufferedReader lines = new BufferedReader(text);

    /** Returns the next line, or null after the last. */
    @Nullable
    String next() throws IOException {
        return lines.readLine();
    }

    /** Tells, if it was so, that not all that was read is text. */
    void tellInvalid(PrintWriter err) {
        tellInvalid(text.malformed(), err);
    }

    /** Tells how many sequences of bytes were no UTF-8, if any. */
    static void tellInvalid(long count, PrintWriter err) {
        if (count > 0) {
            err.println(String.format(Locale.ROOT, "invalid UTF-8: %,d sequences were replaced", count));
            err.flush();
        }
    }
}
