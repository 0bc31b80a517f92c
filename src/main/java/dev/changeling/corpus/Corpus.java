package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The documents of a list of files, one file after another. */
public final class Corpus implements DocumentReader {
    private final CorpusOptions options;
    private final List<CorpusFile> files;
    private final InputStream standardInput;
    private int opened;
    private @Nullable DocumentReader current;
    private long documentsOfCurrent;
    private long invalidUtf8;

    private Corpus(CorpusOptions options, List<CorpusFile> files, InputStream standardInput) {
        this.options = options;
        this.files = files;
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
        return new Corpus(options, CorpusFiles.find(options.paths(), options.format()), standardInput);
    }

    @Override
    public @Nullable Document next() throws IOException {
        while (true) {
            if (current == null) {
                if (opened == files.size()) {
                    return null;
                }
                current = open(files.get(opened++));
                documentsOfCurrent = 0;
            }
            Document document = current.next();
            if (document != null) {
                documentsOfCurrent++;
                return document;
            }
            if (documentsOfCurrent == 0) {
                throw new InputException(files.get(opened - 1).name() + ": empty; expected at least one document");
            }
            close();
        }
    }

    private DocumentReader open(CorpusFile file) throws IOException {
        String source = file.name();
        InputStream raw = file.path() == null ? standardInput : Files.newInputStream(file.path());
        InputStream plain = Compression.decompress(source, raw);
        Utf8Reader text = new Utf8Reader(source, plain, options.strict());
        LineReader lines = new LineReader(source, text, options.maximumDocumentLength());
        return new TextDocuments(source, lines, options.boundary(), options.maximumDocumentLength());
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
