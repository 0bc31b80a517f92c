package dev.changeling.task;

import dev.changeling.corpus.DelimitedRecords;
import dev.changeling.corpus.JsonField;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a .tsv or .csv file with a header. */
final class DelimitedRows implements TableRows {
    private final DelimitedRecords records;
    private final List<Integer> texts;
    private final @Nullable Integer label;

    /** @throws dev.changeling.error.InputException if the header lacks one of the columns */
    DelimitedRows(DelimitedRecords records, TableColumns columns) {
        this.records = records;
        this.texts = columns.texts().stream()
                .map(name -> records.header().column(name))
                .toList();
        this.label = columns.label() == null ? null : records.header().column(columns.label());
    }

    @Override
    public @Nullable TableRow next() throws IOException {
        List<String> values = records.next();
        return values == null
                ? null
                : new TableRow(
                        records.line(),
                        texts.stream().map(values::get).toList(),
                        label == null ? null : new JsonField(JsonField.Kind.STRING, List.of(values.get(label))));
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
