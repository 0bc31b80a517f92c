package dev.changeling.task;

import dev.changeling.corpus.JsonField;
import dev.changeling.corpus.JsonLines;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a .jsonl file: fields of one JSON object a line. */
final class JsonRows implements TableRows {
    private final JsonLines objects;
    private final TableColumns columns;

    JsonRows(JsonLines objects, TableColumns columns) {
        this.objects = objects;
        this.columns = columns;
    }

    @Override
    public @Nullable TableRow next() throws IOException {
        Map<String, JsonField> object = objects.next();
        if (object == null) {
            return null;
        }
        return new TableRow(
                objects.line(),
                columns.texts().stream()
                        .map(field -> objects.string(field, object))
                        .toList(),
                columns.label() == null ? null : object.get(columns.label()));
    }

    @Override
    public void close() throws IOException {
        objects.close();
    }
}
