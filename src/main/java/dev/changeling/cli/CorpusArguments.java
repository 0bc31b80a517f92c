package dev.changeling.cli;

import dev.changeling.corpus.Corpus;
import dev.changeling.corpus.CorpusFormat;
import dev.changeling.corpus.CorpusOptions;
import dev.changeling.corpus.DocumentBoundary;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options by which a verb is told what text to read. */
final class CorpusArguments {
    @Option(
            names = "--corpus",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = {
                "Text to read: files, folders or globs; .txt, .jsonl, .csv, .parquet, each plain, .gz or"
                        + " .zst; '-' for standard input; '" + CorpusOptions.WORDNET
                        + "' for the glosses of WordNet 3.1, which come with"
                        + " the program."
            })
    private List<String> paths;

    @Option(
            names = "--documents",
            paramLabel = "BOUNDARY",
            defaultValue = "blank-line",
            converter = BoundaryConverter.class,
            description = "What ends a document in .txt: blank-line, line or file. Default: ${DEFAULT-VALUE}.")
    private DocumentBoundary boundary;

    @Option(
            names = "--field",
            paramLabel = "NAME",
            defaultValue = "text",
            description = "The field or column that holds the text in .jsonl, .csv and .parquet. Default:"
                    + " ${DEFAULT-VALUE}.")
    private String field;

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            defaultValue = "txt",
            converter = FormatConverter.class,
            description = "The format of standard input: txt, jsonl, csv or parquet. Default: ${DEFAULT-VALUE}.")
    private CorpusFormat format;

    @Option(
            names = "--max-document-length",
            paramLabel = "N",
            defaultValue = "" + CorpusOptions.DEFAULT_MAXIMUM_DOCUMENT_LENGTH,
            converter = PositiveConverter.class,
            description = "The longest document, in characters; a longer one is an error. Default: ${DEFAULT-VALUE}.")
    private int maximumDocumentLength;

    @Option(names = "--strict", description = "Refuse invalid UTF-8; otherwise it is replaced and counted.")
    private boolean strict;

    /** Opens the documents. */
    DocumentReader open() throws IOException {
        return Corpus.open(options());
    }

    /** Whether the line breaks inside a document of this source are the source's. */
    boolean keepsLines(String source) {
        return Corpus.keepsLines(options(), source);
    }

    /**
     * Refuses to write a file that the corpus reads, or would read the next time.
     *
     * @throws InputException naming the file and the path of the corpus
     */
    void refuseToWrite(Path file) throws IOException {
        refuseToWrite(options(), file);
    }

    /** Refuses to write a file that a corpus reads. */
    static void refuseToWrite(CorpusOptions options, Path file) throws IOException {
        Optional<String> path = Corpus.pathThatReads(options, file);
        if (path.isPresent()) {
            throw new InputException(
                    file + ": would be part of the corpus (" + path.get() + "); expected --out outside of it");
        }
    }

    private CorpusOptions options() {
        return new CorpusOptions(paths, boundary, field, strict, maximumDocumentLength, format, false);
    }

    /** Reads {@code blank-line}, {@code line} or {@code file}. */
    static final class BoundaryConverter implements ITypeConverter<DocumentBoundary> {
        @Override
        public DocumentBoundary convert(String value) {
            return switch (value) {
                case "blank-line" -> DocumentBoundary.BLANK_LINE;
                case "line" -> DocumentBoundary.LINE;
                case "file" -> DocumentBoundary.FILE;
                default ->
                    throw new TypeConversionException("found '" + value + "', expected blank-line, line or file");
            };
        }
    }

    /** Reads a format's extension, without the dot. */
    static final class FormatConverter implements ITypeConverter<CorpusFormat> {
        @Override
        public CorpusFormat convert(String value) {
            for (CorpusFormat format : CorpusFormat.values()) {
                if (format.extension().equals("." + value)) {
                    return format;
                }
            }
            throw new TypeConversionException("found '" + value + "', expected txt, jsonl, csv or parquet");
        }
    }
}
