package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents of a .csv file with a header: a column of each record. Empty lines and empty texts are passed over. */
final class CsvDocuments implements DocumentReader {
    private final String source;
    private final DelimitedRecords records;
    private final int column;

    private CsvDocuments(String source, DelimitedRecords records, int column) {
        this.source = source;
        this.records = records;
        this.column = column;
    }

    /** @throws InputException if the header lacks the column */
    static CsvDocuments open(String source, Utf8Reader in, String field, int maximumLength) throws IOException {
        DelimitedRecords records = DelimitedRecords.open(source, in, DelimitedRecords.Form.CSV, maximumLength);
        boolean empty = records.header().names().isEmpty();
        return new CsvDocuments(source, records, empty ? 0 : records.header().column(field));
    }

    @Override
    public @Nullable Document next() throws IOException {
        List<String> values = records.next();
        return values == null ? null : new Document(source, records.line(), values.get(column));
    }

    @Override
    public long invalidUtf8() {
        return records.malformed();
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
