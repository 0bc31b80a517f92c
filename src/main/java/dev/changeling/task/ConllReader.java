package dev.changeling.task;

import dev.changeling.corpus.CorpusOptions;
import dev.changeling.corpus.LineReader;
import dev.changeling.corpus.Utf8Reader;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sentences of a file in the format of the CoNLL shared tasks, read one at a time: a word a line, its columns
 * separated by blanks or tabs, a blank line after each sentence; plain, .gz or .zst, in UTF-8. Lines that begin with
 * {@code -DOCSTART-}, which stand between documents, are passed over. Not safe for use by several threads.
 */
public final class ConllReader implements Closeable {
    private static final String DOCUMENT_START = "-DOCSTART-";
    private static final Pattern BLANKS = Pattern.compile("[ \t]+");

    private final Path file;
    private final LineReader lines;
    private final ConllColumns columns;

    /** Columns of the first word's line, which all others must have; 0 before it. */
    private int width;

    private ConllReader(Path file, LineReader lines, ConllColumns columns) {
        this.file = file;
        this.lines = lines;
        this.columns = columns;
    }

    /**
     * Opens a file.
     *
     * @throws InputException if it is missing or can't be read
     */
    public static ConllReader open(Path file, ConllColumns columns) {
        return new ConllReader(
                file,
                new LineReader(file.toString(), Utf8Reader.open(file), CorpusOptions.DEFAULT_MAXIMUM_DOCUMENT_LENGTH),
                columns);
    }

    /**
     * Reads all sentences of a file.
     *
     * @throws InputException as {@link #open} and {@link #next}
     */
    public static List<TaggedSentence> readAll(Path file, ConllColumns columns) {
        try (ConllReader reader = open(file, columns)) {
            List<TaggedSentence> sentences = new ArrayList<>();
            for (TaggedSentence sentence = reader.next(); sentence != null; sentence = reader.next()) {
                sentences.add(sentence);
            }
            return sentences;
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    /**
     * Returns the next sentence, or null at the end.
     *
     * @throws InputException if a line has more or fewer columns than the first one or too few for the columns asked
     *     for, a tag is none of its scheme, or if there is no sentence at all
     */
    public @Nullable TaggedSentence next() throws IOException {
        List<String> words = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        long start = 0;
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.isBlank() || line.startsWith(DOCUMENT_START)) {
                if (!words.isEmpty()) {
                    break;
                }
                continue;
            }
            String[] values = BLANKS.split(line.strip());
            checkWidth(values.length);
            if (words.isEmpty()) {
                start = lines.line();
            }
            words.add(values[columns.word()]);
            if (columns.scheme() != TagScheme.NONE) {
                tags.add(checked(values[columns.tag() == ConllColumns.LAST ? width - 1 : columns.tag()]));
            }
        }
        if (words.isEmpty()) {
            if (width == 0) {
                throw new InputException(file + ": no sentences; expected a word a line");
            }
            return null;
        }
        return new TaggedSentence(file.toString(), start, words, tags);
    }

    private void checkWidth(int found) {
        if (width == 0) {
            int tag = columns.tag() == ConllColumns.LAST ? found - 1 : columns.tag();
            boolean tagged = columns.scheme() != TagScheme.NONE;
            if (columns.word() >= found || (tagged && (tag >= found || tag == columns.word()))) {
                throw bad(String.format(
                        Locale.ROOT,
                        "%d column(s); expected words in column %d%s, counted from 0",
                        found,
                        columns.word(),
                        tagged ? " and tags in " + tagPlace() : ""));
            }
            width = found;
        }
        if (found != width) {
            throw bad(found + " columns; expected " + width + " as in the first line with a word");
        }
    }

    private String tagPlace() {
        return columns.tag() == ConllColumns.LAST ? "the last, another one" : "column " + columns.tag();
    }

    private String checked(String tag) {
        if (!columns.scheme().admits(tag)) {
            throw bad("tag \"" + tag + "\"; expected O, B-TYPE or I-TYPE (or E-TYPE, S-TYPE); for tags that mark no "
                    + "spans, such as parts of speech: --plain-tags");
        }
        return tag;
    }

    private InputException bad(String what) {
        return new InputException(file + ", line " + lines.line() + ": " + what);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
