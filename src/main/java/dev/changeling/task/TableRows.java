package dev.changeling.task;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a table, of whichever format. */
interface TableRows extends Closeable {
    /** Returns the next row, or null at the end. */
    @Nullable
    TableRow next() throws IOException;
}
