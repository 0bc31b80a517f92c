package dev.changeling.task;

import dev.changeling.corpus.Compression;
import dev.changeling.corpus.CorpusOptions;
import dev.changeling.corpus.DelimitedRecords;
import dev.changeling.corpus.JsonField;
import dev.changeling.corpus.JsonLines;
import dev.changeling.corpus.LineReader;
import dev.changeling.corpus.Utf8Reader;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The examples of a table, read one at a time: a .tsv (without quoting) or .csv (RFC 4180) file with a header, or a
 * .jsonl file; each plain, .gz or .zst, in UTF-8. Not safe for use by several threads.
 *
 * <p>Texts are given as they stand in the file, labels without the blanks around them. In JSON, a label may be a
 * string, a number or a boolean; several labels are one string with separators in it, or an array. Several labels may
 * also be none: an empty value or an empty array.
 */
public final class TableReader implements Closeable {
    private static final int LONGEST = CorpusOptions.DEFAULT_MAXIMUM_DOCUMENT_LENGTH;

    private final Path file;
    private final TableColumns columns;
    private final TableRows rows;
    private boolean some;

    private TableReader(Path file, TableColumns columns, TableRows rows) {
        this.file = file;
        this.columns = columns;
        this.rows = rows;
    }

    /**
     * Opens a table.
     *
     * @throws InputException if the file is missing, can't be read, its name has another extension, or its header lacks
     *     one of the columns
     */
    public static TableReader open(Path file, TableColumns columns) throws IOException {
        String name = Compression.withoutExtension(file.toString());
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (!Set.of("tsv", "csv", "jsonl").contains(extension)) {
            throw new InputException(
                    file + ": its name ends in none of .tsv, .csv, .jsonl (each also with .gz or .zst)");
        }
        Utf8Reader text = Utf8Reader.open(file);
        try {
            return new TableReader(file, columns, rows(file.toString(), text, extension, columns));
        } catch (IOException | RuntimeException e) {
            text.close();
            throw e;
        }
    }

    /**
     * Reads all examples of a table.
     *
     * @throws InputException as {@link #open} and {@link #next}
     */
    public static List<TextExample> readAll(Path file, TableColumns columns) {
        try (TableReader reader = open(file, columns)) {
            List<TextExample> examples = new ArrayList<>();
            for (TextExample example = reader.next(); example != null; example = reader.next()) {
                examples.add(example);
            }
            return examples;
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    private static TableRows rows(String source, Utf8Reader text, String extension, TableColumns columns)
            throws IOException {
        if (extension.equals("jsonl")) {
            Set<String> fields = new LinkedHashSet<>(columns.texts());
            if (columns.label() != null) {
                fields.add(columns.label());
            }
            return new JsonRows(new JsonLines(source, new LineReader(source, text, LONGEST), fields, LONGEST), columns);
        }
        DelimitedRecords.Form form = extension.equals("csv") ? DelimitedRecords.Form.CSV : DelimitedRecords.Form.TSV;
        DelimitedRecords records = DelimitedRecords.open(source, text, form, LONGEST);
        if (records.header().names().isEmpty()) {
            throw new InputException(source + ": empty; expected a header and at least one row");
        }
        return new DelimitedRows(records, columns);
    }

    /**
     * Returns the next example, or null at the end.
     *
     * @throws InputException if the row is damaged, has more or fewer values than the header, lacks a text or a label,
     *     or if there is no row at all
     */
    public @Nullable TextExample next() throws IOException {
        TableRow row = rows.next();
        if (row == null) {
            if (!some) {
                throw new InputException(file + ": no rows; expected at least one");
            }
            return null;
        }
        some = true;
        for (int i = 0; i < row.texts().size(); i++) {
            if (row.texts().get(i).isBlank()) {
                throw bad(row, columns.texts().get(i), "is empty; expected text");
            }
        }
        List<String> labels = row.label() == null ? List.of() : labels(row, row.label());
        String second = row.texts().size() == 1 ? null : row.texts().get(1);
        return new TextExample(file.toString(), row.line(), row.texts().get(0), second, labels);
    }

    private List<String> labels(TableRow row, JsonField label) {
        return switch (label.kind()) {
            case STRING, NUMBER, BOOLEAN -> {
                String value = label.values().get(0).strip();
                if (columns.separator() != null) {
                    yield value.isEmpty() ? List.of() : several(row, parts(value, columns.separator()));
                }
                if (value.isEmpty()) {
                    throw bad(row, columns.label(), "is empty; expected a label");
                }
                yield List.of(value);
            }
            case ARRAY -> {
                if (columns.separator() == null) {
                    throw bad(row, columns.label(), "is an array; expected one label");
                }
                yield several(row, label.values());
            }
            case NESTED_ARRAY, OBJECT, NULL ->
                throw bad(row, columns.label(), "is " + label.kind().description() + "; expected a label");
        };
    }

    private static List<String> parts(String value, String separator) {
        return List.of(value.split(Pattern.quote(separator), -1));
    }

    private List<String> several(TableRow row, List<String> written) {
        List<String> labels = written.stream().map(String::strip).toList();
        Set<String> seen = new HashSet<>();
        for (String label : labels) {
            if (label.isEmpty()) {
                throw bad(row, columns.label(), "holds an empty label among " + written.size());
            }
            if (!seen.add(label)) {
                throw bad(row, columns.label(), "holds the label \"" + label + "\" twice; expected it once");
            }
        }
        return labels;
    }

    private InputException bad(TableRow row, @Nullable String column, String what) {
        return new InputException(
                String.format(Locale.ROOT, "%s, line %d: column \"%s\" %s", file, row.line(), column, what));
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
