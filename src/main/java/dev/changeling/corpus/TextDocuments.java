package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Documents of a .txt file. */
final class TextDocuments implements DocumentReader {
    private final String source;
    private final LineReader lines;
    private final DocumentBoundary boundary;
    private final int maximumLength;

    TextDocuments(String source, LineReader lines, DocumentBoundary boundary, int maximumLength) {
        this.source = source;
        this.lines = lines;
        this.boundary = boundary;
        this.maximumLength = maximumLength;
    }

    @Override
    public @Nullable Document next() throws IOException {
        String line = lines.next();
        while (line != null && line.isBlank() && boundary != DocumentBoundary.LINE) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        long first = lines.line();
        if (boundary == DocumentBoundary.LINE) {
            return new Document(source, first, line);
        }
        StringBuilder text = new StringBuilder(line);
        line = lines.next();
        while (line != null && !(boundary == DocumentBoundary.BLANK_LINE && line.isBlank())) {
            if (text.length() + 1L + line.length() > maximumLength) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s, line %d: the document that begins on line %d grows longer than %,d characters, the longest"
                                + " document allowed; documents end at %s",
                        source,
                        lines.line(),
                        first,
                        maximumLength,
                        boundary == DocumentBoundary.FILE ? "the end of the file" : "a blank line"));
            }
            text.append('\n').append(line);
            line = lines.next();
        }
        return new Document(source, first, text.toString());
    }

    @Override
    public long invalidUtf8() {
        return lines.malformed();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
