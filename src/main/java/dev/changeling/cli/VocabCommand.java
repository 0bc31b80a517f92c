package dev.changeling.cli;

import dev.changeling.corpus.DocumentReader;
import dev.changeling.disk.Disk;
import dev.changeling.error.FileFailure;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.Vocabulary;
import dev.changeling.tokenizer.VocabularyProgress;
import dev.changeling.tokenizer.VocabularySettings;
import dev.changeling.tokenizer.VocabularyTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vocab}: learns a WordPiece vocabulary. */
@Command(
        name = "vocab",
        description = "Learns a WordPiece vocabulary from text, the same bytes each time.",
        customSynopsis = "changeling vocab --corpus PATH... --out FILE [OPTION]...",
        footer = {
            "%nExamples:",
            "  changeling vocab --corpus wordnet: --size 8000 --out vocab.txt",
            "  changeling vocab --corpus 'mail/*.jsonl.zst' --field body --cased --size 30522 --out vocab.txt"
        })
final class VocabCommand implements Callable<Integer> {
    @Mixin
    private CorpusArguments corpus;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "30522",
            converter = PositiveConverter.class,
            description = "The most tokens, special ones included. Default: ${DEFAULT-VALUE}, as BERT's.")
    private int size;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the vocabulary goes.")
    private Path out;

    @Option(names = "--cased", description = "Keep capitals and accents; otherwise text is lower-cased.")
    private boolean cased;

    @Option(
            names = "--strip-accents",
            negatable = true,
            defaultValue = Option.NULL_VALUE,
            description = "Take accents off, or keep them. Default: they are taken off unless --cased is given.")
    private @Nullable Boolean stripAccents;

    @Option(
            names = "--min-frequency",
            paramLabel = "N",
            defaultValue = "2",
            converter = PositiveConverter.class,
            description =
                    "How often two pieces must stand side by side to become one token. Default:" + " ${DEFAULT-VALUE}.")
    private int minimumFrequency;

    @Option(
            names = "--alphabet",
            paramLabel = "N",
            defaultValue = "1000",
            converter = PositiveConverter.class,
            description = "The most single characters, the most frequent ones. Default: ${DEFAULT-VALUE}.")
    private int alphabetLimit;

    @Mixin
    private ThreadsArgument threads;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        VocabularySettings settings = settings();
        OutputFile.require(out, "vocab.txt");
        corpus.refuseToWrite(out);
        corpus.refuseToWrite(out.resolveSibling(out.getFileName() + Disk.TEMPORARY));
        StatusLine status = StatusLine.on(spec.commandLine().getErr());
        Counted counted = new Counted(status);
        Vocabulary vocabulary;
        try (DocumentReader documents = corpus.open()) {
            vocabulary = new VocabularyTrainer(settings, counted).train(documents, threads.count());
        } finally {
            status.clear();
        }
        save(vocabulary);
        spec.commandLine()
                .getOut()
                .println(String.format(
                        Locale.ROOT,
                        "%s: %,d tokens from %,d words in %,d documents (%s), in %s%nNext: changeling prepare --corpus"
                                + " ... --vocab %s --out shards/",
                        out,
                        vocabulary.size(),
                        counted.words,
                        counted.documents,
                        settings.normalization().lowercase() ? "lower-cased" : "cased",
                        Clock.of(status.elapsed()),
                        ShellWord.of(out)));
        return ExitCode.DONE;
    }

    private VocabularySettings settings() {
        boolean strips = stripAccents == null ? !cased : stripAccents;
        try {
            return new VocabularySettings(size, new BertNormalization(!cased, strips), minimumFrequency, alphabetLimit);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void save(Vocabulary vocabulary) {
        try {
            Files.createDirectories(out.toAbsolutePath().resolveSibling(""));
            vocabulary.save(out);
        } catch (IOException e) {
            throw FileFailure.unwritable(out, e);
        }
    }

    /** Shows how far training has come, and remembers it. */
    private static final class Counted implements VocabularyProgress {
        private final StatusLine status;
        private long documents;
        private long words;

        Counted(StatusLine status) {
            this.status = status;
        }

        @Override
        public synchronized void counted(long documents, long words) {
            this.documents = documents;
            this.words = words;
            status.show(() -> String.format(
                    Locale.ROOT,
                    "counting words: %,d in %,d documents, %s",
                    words,
                    documents,
                    Clock.of(status.elapsed())));
        }

        @Override
        public void merged(int tokens, int size) {
            status.show(() -> String.format(
                    Locale.ROOT, "joining pieces: %,d of %,d tokens, %s", tokens, size, Clock.of(status.elapsed())));
        }
    }
}
