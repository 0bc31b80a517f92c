package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.FilterReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Documents of a .csv file with a header: a column of each record. Empty lines and empty texts are passed over. */
final class CsvDocuments implements DocumentReader {
    private final String source;
    private final Utf8Reader in;
    private final RecordLimit limit;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final String field;
    private List<String> header = List.of();
    private int column;

    private CsvDocuments(String source, Utf8Reader in, String field, int maximumLength) throws IOException {
        this.source = source;
        this.in = in;
        this.field = field;
        this.limit = new RecordLimit(in, maximumLength);
        this.parser = CSVParser.builder()
                .setReader(limit)
                .setFormat(CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get())
                .get();
        this.records = parser.iterator();
    }

    /** @throws InputException if the header lacks the column */
    static CsvDocuments open(String source, Utf8Reader in, String field, int maximumLength) throws IOException {
        CsvDocuments documents = new CsvDocuments(source, in, field, maximumLength);
        documents.readHeader();
        return documents;
    }

    private void readHeader() {
        CSVRecord first = record();
        if (first != null) {
            header = first.toList();
            column = header.indexOf(field);
            if (column < 0) {
                throw new InputException(
                        source + ": no column \"" + field + "\" in its header; found " + String.join(", ", header));
            }
            if (column != header.lastIndexOf(field)) {
                throw new InputException(
                        source + ": column \"" + field + "\" stands twice in its header; expected it once");
            }
        }
    }

    @Override
    public @Nullable Document next() {
        long line = parser.getCurrentLineNumber() + 1;
        CSVRecord record = record();
        if (record == null) {
            return null;
        }
        if (record.size() != header.size()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s, line %d: %d values in record %d; expected %d as in the header",
                    source,
                    line,
                    record.size(),
                    record.getRecordNumber(),
                    header.size()));
        }
        return new Document(source, line, record.get(column));
    }

    private @Nullable CSVRecord record() {
        long line = parser.getCurrentLineNumber() + 1;
        limit.startRecord(line);
        try {
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            IOException cause = e.getCause();
            String reason = cause == null ? e.getMessage() : cause.getMessage();
            throw new InputException(source + ", line " + line + ": no valid CSV: " + reason, e);
        }
    }

    @Override
    public long invalidUtf8() {
        return in.malformed();
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    /** Ends a record that never ends, as after a quote that is not closed, before it fills the memory. */
    private final class RecordLimit extends FilterReader {
        private final int maximumLength;
        private long remaining;
        private long line;

        RecordLimit(Utf8Reader in, int maximumLength) {
            super(in);
            this.maximumLength = maximumLength;
        }

        void startRecord(long atLine) {
            line = atLine;
            remaining = maximumLength;
        }

        @Override
        public int read(char[] target, int from, int length) throws IOException {
            // The parser asks for a buffer at a time; what it asked for in advance counts for the next record.
            if (remaining < 0) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s, line %d: the record is longer than %,d characters, the longest document allowed (is a quote"
                                + " left open?)",
                        source,
                        line,
                        maximumLength));
            }
            int count = super.read(target, from, length);
            remaining -= Math.max(0, count);
            return count;
        }
    }
}
