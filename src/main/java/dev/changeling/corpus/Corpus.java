package dev.changeling.corpus;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The documents of files, of standard input and of WordNet, one source after another. */
public final class Corpus implements DocumentReader {
    private static final int BUFFER = 1 << 16;

    private final CorpusOptions options;
    private final List<CorpusSource> sources;
    private final InputStream standardInput;
    private int opened;
    private @Nullable DocumentReader current;
    private long documentsOfCurrent;
    private long invalidUtf8;

    private Corpus(CorpusOptions options, List<CorpusSource> sources, InputStream standardInput) {
        this.options = options;
        this.sources = sources;
        this.standardInput = standardInput;
    }

    /**
     * Opens a corpus. Files are found now and opened when their turn comes.
     *
     * @throws InputException if a path is missing, can't be read, or is a folder without text files; while reading, if
     *     a file is empty, binary, damaged, or holds something else than its name tells
     */
    public static DocumentReader open(CorpusOptions options) throws IOException {
        return open(options, System.in);
    }

    static DocumentReader open(CorpusOptions options, InputStream standardInput) throws IOException {
        return new Corpus(options, CorpusFiles.find(options), standardInput);
    }

    @Override
    public @Nullable Document next() throws IOException {
        try {
            return nextOfAnySource();
        } catch (IOException e) {
            throw new InputException(
                    sources.get(Math.max(1, opened) - 1).name() + ": can't be read: " + FileFailure.reason(e), e);
        }
    }

    private @Nullable Document nextOfAnySource() throws IOException {
        while (true) {
            if (current == null) {
                if (opened == sources.size()) {
                    return null;
                }
                current = open(sources.get(opened++));
                documentsOfCurrent = 0;
            }
            Document document = current.next();
            if (document != null && document.text().isBlank() && !options.keepsBlank()) {
                continue;
            }
            if (document != null) {
                documentsOfCurrent++;
                return document;
            }
            if (documentsOfCurrent == 0) {
                throw new InputException(sources.get(opened - 1).name() + ": empty; expected at least one document");
            }
            close();
        }
    }

    /**
     * Returns the path by which a corpus reads a file, or would read it if the file were there.
     *
     * @return one of {@code options.paths()}, or empty if the corpus does not hold the file
     */
    public static Optional<String> pathThatReads(CorpusOptions options, Path file) throws IOException {
        return CorpusFiles.pathThatReads(options, file);
    }

    /**
     * Returns whether the line breaks inside a document are those of its source, so that its lines can be counted on
     * from its first: so in text, but not where a document is a row.
     *
     * @param source of a document of this corpus
     */
    public static boolean keepsLines(CorpusOptions options, String source) {
        CorpusFormat format = CorpusFormat.ofName(Compression.withoutExtension(source));
        return !source.startsWith(CorpusOptions.WORDNET)
                && (format == null ? options.format() : format) == CorpusFormat.TEXT;
    }

    private DocumentReader open(CorpusSource source) throws IOException {
        if (source instanceof CorpusFile file) {
            return open(file);
        }
        return new WordNetGlosses();
    }

    private DocumentReader open(CorpusFile file) throws IOException {
        InputStream raw = file.path() == null ? standardInput : openFile(file.path());
        InputStream in = new BufferedInputStream(raw, BUFFER);
        try {
            Compression compression = Compression.of(file.name(), in);
            if (file.format() == CorpusFormat.PARQUET) {
                return parquet(file, compression, in);
            }
            return text(file, compression.decompress(file.name(), in));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static InputStream openFile(Path path) throws IOException {
        try {
            return Files.newInputStream(path);
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw new InputException(path + ": can't be read: it is gone, or permissions forbid it", e);
        }
    }

    private DocumentReader text(CorpusFile file, InputStream plain) throws IOException {
        String source = file.name();
        int longest = options.maximumDocumentLength();
        Utf8Reader text = new Utf8Reader(source, plain, options.strict());
        LineReader lines = new LineReader(source, text, longest);
        return switch (file.format()) {
            case TEXT -> new TextDocuments(source, lines, options.boundary(), longest);
            case JSON_LINES -> new JsonLinesDocuments(source, lines, options.field(), longest);
            case CSV -> CsvDocuments.open(source, text, options.field(), longest);
            case PARQUET -> throw new IllegalArgumentException("Parquet is no text");
        };
    }

    private DocumentReader parquet(CorpusFile file, Compression compression, InputStream in) throws IOException {
        if (compression == Compression.NONE && file.path() != null) {
            in.close();
            return ParquetDocuments.open(file.name(), file.path(), options.field(), options.maximumDocumentLength());
        }
        try (InputStream plain = compression.decompress(file.name(), in)) {
            return ParquetDocuments.spool(file.name(), plain, options.field(), options.maximumDocumentLength());
        }
    }

    @Override
    public long invalidUtf8() {
        return invalidUtf8 + (current == null ? 0 : current.invalidUtf8());
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            invalidUtf8 += current.invalidUtf8();
            current.close();
            current = null;
        }
    }
}
