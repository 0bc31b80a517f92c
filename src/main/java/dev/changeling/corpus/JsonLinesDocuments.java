package dev.changeling.corpus;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Documents of a .jsonl file: a field of one JSON object a line. Empty lines and empty texts are passed over. */
final class JsonLinesDocuments implements DocumentReader {
    private final String source;
    private final JsonLines objects;
    private final String field;

    JsonLinesDocuments(String source, LineReader lines, String field, int maximumLength) {
        this.source = source;
        this.objects = new JsonLines(source, lines, Set.of(field), maximumLength);
        this.field = field;
    }

    @Override
    public @Nullable Document next() throws IOException {
        Map<String, JsonField> object = objects.next();
        return object == null ? null : new Document(source, objects.line(), objects.string(field, object));
    }

    @Override
    public long invalidUtf8() {
        return objects.malformed();
    }

    @Override
    public void close() throws IOException {
        objects.close();
    }
}
