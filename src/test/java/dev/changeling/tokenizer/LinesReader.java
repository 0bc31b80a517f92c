package dev.changeling.tokenizer;

import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines as documents. */
final class LinesReader implements DocumentReader {
    private final Iterator<String> lines;
    private long line;

    LinesReader(List<String> lines) {
        this.lines = lines.iterator();
    }

    @Override
    public @Nullable Document next() {
        return lines.hasNext() ? new Document("test", ++line, lines.next()) : null;
    }

    @Override
    public void close() {}
}
