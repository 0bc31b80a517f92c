package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.Closeable;
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

/**
 * The records of a table in text, each of as many values as its header. Empty lines are passed over where there is more
 * than one column; where there is one, an empty line is an empty value. Not safe for use by several threads.
 */
public final class DelimitedRecords implements Closeable {

    /** How values are told apart. */
    public enum Form {
        /** By commas, quoted as in RFC 4180. */
        CSV,
        /** By tabs, with no quoting: a quote is a character as any other, as in the files of GLUE. */
        TSV;

        private CSVFormat format() {
            CSVFormat.Builder format = CSVFormat.RFC4180.builder().setIgnoreEmptyLines(false);
            return switch (this) {
                case CSV -> format.get();
                case TSV -> format.setDelimiter('\t').setQuote(null).get();
            };
        }
    }

    private final Form form;
    private final Utf8Reader in;
    private final RecordLimit limit;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final Header header;
    private long line;

    private DelimitedRecords(String source, Utf8Reader in, Form form, int maximumLength) throws IOException {
        this.form = form;
        this.in = in;
        this.limit = new RecordLimit(source, in, maximumLength);
        this.parser =
                CSVParser.builder().setReader(limit).setFormat(form.format()).get();
        this.records = parser.iterator();
        CSVRecord first = record(source);
        while (first != null && isEmpty(first)) {
            first = record(source);
        }
        this.header = new Header(source, first == null ? List.of() : first.toList());
    }

    /**
     * Reads the header.
     *
     * @param source what is read, for messages
     * @param maximumLength of a record, in UTF-16 units, give or take a buffer; a longer one is an error
     * @throws InputException if the header is damaged
     */
    public static DelimitedRecords open(String source, Utf8Reader in, Form form, int maximumLength) throws IOException {
        return new DelimitedRecords(source, in, form, maximumLength);
    }

    /** Returns the names of the columns; none if the table is empty. */
    public Header header() {
        return header;
    }

    /** Returns the line, from 1, on which the record that was returned last begins. */
    public long line() {
        return line;
    }

    /**
     * Returns the values of the next record, or null at the end.
     *
     * @throws InputException if it is damaged, or of another number of values than the header
     */
    public @Nullable List<String> next() throws IOException {
        String source = header.source();
        int expected = header.names().size();
        CSVRecord record = record(source);
        while (record != null && expected > 1 && isEmpty(record)) {
            record = record(source);
        }
        if (record != null && record.size() != expected) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s, line %d: %d values in record %d; expected %d as in the header",
                    source,
                    line,
                    record.size(),
                    record.getRecordNumber(),
                    expected));
        }
        return record == null ? null : record.toList();
    }

    /** Returns how many malformed UTF-8 sequences were replaced so far. */
    long malformed() {
        return in.malformed();
    }

    private static boolean isEmpty(CSVRecord record) {
        return record.size() == 1 && record.get(0).isEmpty();
    }

    private @Nullable CSVRecord record(String source) throws IOException {
        line = parser.getCurrentLineNumber() + 1;
        limit.startRecord(line);
        try {
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            IOException cause = e.getCause();
            String reason = cause == null ? e.getMessage() : cause.getMessage();
            throw new InputException(source + ", line " + line + ": no valid " + form + ": " + reason, e);
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    /** Ends a record that never ends, as after a quote that is not closed, before it fills the memory. */
    private static final class RecordLimit extends FilterReader {
        private final String source;
        private final int maximumLength;
        private long remaining;
        private long line;

        RecordLimit(String source, Utf8Reader in, int maximumLength) {
            super(in);
            this.source = source;
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
