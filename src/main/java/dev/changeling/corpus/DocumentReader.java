package dev.changeling.corpus;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A stream of documents, read one at a time and never all in memory. Not safe for use by several threads. */
public interface DocumentReader extends Closeable {
    /**
     * Returns the next document, or null at the end.
     *
     * @throws dev.changeling.error.InputException if the input is damaged; the message names the file and the line
     */
    @Nullable
    Document next() throws IOException;

    /** Returns how many malformed UTF-8 sequences were read as U+FFFD so far. */
    default long invalidUtf8() {
        return 0;
    }
}
