package dev.changeling.cli;

import dev.changeling.corpus.Corpus;
import dev.changeling.corpus.CorpusFormat;
import dev.changeling.corpus.CorpusOptions;
import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentBoundary;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.disk.PendingFile;
import dev.changeling.error.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The texts that {@code embed} is given: as arguments, in files, or on standard input. Blank ones count. */
final class EmbedTexts {
    @Parameters(
            paramLabel = "TEXT",
            arity = "0..*",
            description = "What to embed. Without any, and without --corpus, each line of standard input is a text.")
    private List<String> texts = new ArrayList<>();

    @Option(
            names = "--corpus",
            arity = "1..*",
            paramLabel = "PATH",
            description = "Texts in files, folders or globs; .txt, .jsonl, .csv, .parquet, each plain, .gz or .zst;"
                    + " '-' for standard input; '" + CorpusOptions.WORDNET + "' for the glosses of WordNet 3.1.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = "--documents",
            paramLabel = "BOUNDARY",
            defaultValue = "line",
            converter = CorpusArguments.BoundaryConverter.class,
            description = "What ends a text in .txt: line, blank-line or file. Default: ${DEFAULT-VALUE}.")
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
            converter = CorpusArguments.FormatConverter.class,
            description = "The format of standard input: txt, jsonl, csv or parquet. Default: ${DEFAULT-VALUE}.")
    private CorpusFormat format;

    /**
     * Opens the texts.
     *
     * @throws UsageException if they are given in two ways
     */
    DocumentReader open() throws IOException {
        if (!texts.isEmpty() && !paths.isEmpty()) {
            throw new UsageException("found both TEXT and --corpus; expected one of them (with --corpus, arguments that"
                    + " follow are paths)");
        }
        return texts.isEmpty() ? Corpus.open(options()) : new Arguments(texts);
    }

    /** Refuses to write over what is read. */
    void refuseToWrite(Path file) throws IOException {
        CorpusArguments.refuseToWrite(options(), file);
        CorpusArguments.refuseToWrite(options(), PendingFile.freshName(file));
    }

    private CorpusOptions options() {
        return CorpusOptions.of(paths.isEmpty() ? List.of("-") : paths)
                .withBoundary(boundary)
                .withField(field)
                .withFormat(format)
                .withBlank(true);
    }

    /** Texts of the command line, one after another. */
    private static final class Arguments implements DocumentReader {
        private final List<String> texts;
        private int next;

        Arguments(List<String> texts) {
            this.texts = texts;
        }

        @Override
        public @Nullable Document next() {
            return next == texts.size() ? null : new Document("arguments", next + 1L, texts.get(next++));
        }

        @Override
        public void close() {}
    }
}
