package dev.changeling.shard;

import java.io.IOException;
import java.util.List;

/** Makes rows out of tokenized documents. Not safe for use by several threads. */
interface ExampleBuilder {
    /**
     * Takes one document; rows may come at once or later.
     *
     * @param document its number in its split, from 0; the only state that randomness may depend on
     * @param lines the token ids of its lines, without [CLS] and [SEP]
     */
    void add(long document, List<int[]> lines) throws IOException;

    /** Emits everything that was held back. */
    void flush() throws IOException;

    /** Where rows go. */
    @FunctionalInterface
    interface RowSink {
        void add(Row row) throws IOException;
    }
}
