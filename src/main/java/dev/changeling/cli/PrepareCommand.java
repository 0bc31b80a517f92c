package dev.changeling.cli;

import dev.changeling.corpus.DocumentReader;
import dev.changeling.shard.Dataset;
import dev.changeling.shard.ExampleFormat;
import dev.changeling.shard.Prepare;
import dev.changeling.shard.PrepareOptions;
import dev.changeling.shard.PrepareProgress;
import dev.changeling.shard.SegmentOptions;
import dev.changeling.tokenizer.SpecialTokens;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code prepare}: tokenizes text and writes it as shards. */
@Command(
        name = "prepare",
        description = {
            "Tokenizes text and writes it as shards, with some documents held out.",
            "Run again with the same options, it goes on where it was stopped."
        },
        customSynopsis =
                "changeling prepare --corpus PATH... (--vocab FILE | --tokenizer FILE) --out FOLDER [OPTION]...",
        footer = {
            "%nExamples:",
            "  changeling prepare --corpus wordnet: --vocab vocab.txt --length 64 --out shards/",
            "  changeling prepare --corpus books/ --tokenizer tokenizer.json --held-out 0.005 --out shards/"
        })
final class PrepareCommand implements Callable<Integer> {
    /** Where the tokenizer is: one of the two. */
    static final class TokenizerArgument {
        @Option(
                names = "--vocab",
                required = true,
                paramLabel = "FILE",
                description = "A WordPiece vocabulary, one token a line.")
        private @Nullable Path vocabulary;

        @Option(
                names = "--tokenizer",
                required = true,
                paramLabel = "FILE",
                description = "Any tokenizer.json of Hugging Face's tokenizers, in place of --vocab.")
        private @Nullable Path tokenizer;

        Path file() {
            Path file = vocabulary != null ? vocabulary : tokenizer;
            if (file == null) {
                throw new IllegalStateException("picocli lets no call pass without either");
            }
            return file;
        }
    }

    /** Reads {@code packed} or {@code segments}. */
    static final class ExamplesConverter implements ITypeConverter<ExampleFormat> {
        @Override
        public ExampleFormat convert(String value) {
            return switch (value) {
                case "packed" -> ExampleFormat.PACKED;
                case "segments" -> ExampleFormat.SEGMENTS;
                default -> throw new TypeConversionException("found '" + value + "', expected packed or segments");
            };
        }
    }

    @Mixin
    private CorpusArguments corpus;

    @ArgGroup(multiplicity = "1")
    private TokenizerArgument tokenizerArgument;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "128",
            converter = PositiveConverter.class,
            description = "Tokens a row, [CLS] and [SEP] included. Default: ${DEFAULT-VALUE}.")
    private int length;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the shards go: a new or empty folder, or one that an earlier call was stopped in.")
    private Path out;

    @Option(
            names = "--examples",
            paramLabel = "FORMAT",
            defaultValue = "packed",
            converter = ExamplesConverter.class,
            description = "packed: pieces of documents, several a row, attention kept apart; segments: one sequence a"
                    + " row, mostly of two segments, as google-research/electra builds them. Default:"
                    + " ${DEFAULT-VALUE}.")
    private ExampleFormat examples;

    @Option(
            names = "--single-segment",
            paramLabel = "SHARE",
            description = "With segments, the share of examples that are one segment. Default: 0.1, as google's.")
    private @Nullable Double singleSegment;

    @Option(
            names = "--short-examples",
            paramLabel = "SHARE",
            description = "With segments, the share of examples of a random length. Default: 0.05, as google's.")
    private @Nullable Double shortExamples;

    @Option(
            names = "--held-out",
            paramLabel = "SHARE",
            defaultValue = "0.01",
            description = "The share of documents that is kept for evaluation. Default: ${DEFAULT-VALUE}.")
    private double heldOut;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the split and of segment boundaries. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--shard-megabytes",
            paramLabel = "N",
            defaultValue = "64",
            converter = PositiveConverter.class,
            description = "The size at which a shard ends. Default: ${DEFAULT-VALUE}.")
    private int shardMegabytes;

    @Mixin
    private ThreadsArgument threads;

    @Spec
    private CommandSpec spec;

    private PrepareProgress read = new PrepareProgress(0, 0, 0);

    @Override
    public Integer call() throws IOException {
        PrepareOptions options =
                new PrepareOptions(length, examples, heldOut, seed, (long) shardMegabytes << 20, segments());
        // The only files of a data set that a corpus would read.
        corpus.refuseToWrite(out.resolve("tokenizer").resolve("vocab.txt"));
        StatusLine status = StatusLine.on(spec.commandLine().getErr());
        try (Tokenizer tokenizer = Tokenizers.load(tokenizerArgument.file());
                DocumentReader documents = corpus.open()) {
            Dataset dataset = Prepare.run(
                    documents, tokenizer, tokenizerArgument.file(), options, threads.count(), out, progress -> {
                        read = progress;
                        status.show(() -> line(progress, status));
                    });
            status.clear();
            summarize(dataset, status);
        } finally {
            status.clear();
        }
        return ExitCode.DONE;
    }

    private SegmentOptions segments() {
        if (examples != ExampleFormat.SEGMENTS && (singleSegment != null || shortExamples != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--single-segment, --short-examples: need --examples segments");
        }
        return new SegmentOptions(
                singleSegment == null ? SegmentOptions.GOOGLE.singleFraction() : singleSegment,
                shortExamples == null ? SegmentOptions.GOOGLE.shortFraction() : shortExamples);
    }

    private static String line(PrepareProgress progress, StatusLine status) {
        double seconds = Math.max(1e-3, status.elapsed().toMillis() / 1e3);
        return String.format(
                Locale.ROOT,
                "preparing: %,d documents, %,d MB, %,d tokens, %,.0f tokens/s, %s",
                progress.documents(),
                progress.bytes() >> 20,
                progress.tokens(),
                progress.tokens() / seconds,
                Clock.of(status.elapsed()));
    }

    private void summarize(Dataset dataset, StatusLine status) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(
                Locale.ROOT,
                "%s: %,d documents, %,d tokens to train on, in %s",
                this.out,
                read.documents(),
                dataset.trainTokens(),
                Clock.of(status.elapsed())));
        out.println(String.format(
                Locale.ROOT,
                "rows of %d: %,d to train on, %,d held out (%.2f %%); %.2f %% of positions are padding",
                dataset.length(),
                dataset.trainRows(),
                dataset.heldOutRows(),
                100.0 * dataset.heldOutRows() / (dataset.trainRows() + dataset.heldOutRows()),
                100 * dataset.waste()));
        out.println(String.format(
                Locale.ROOT,
                "unknown to the vocabulary: %.3f %% of tokens; unigram entropy %.2f nats",
                100 * unknownShare(dataset),
                dataset.unigramEntropy()));
        if (dataset.invalidUtf8() > 0) {
            out.println(
                    String.format(Locale.ROOT, "invalid UTF-8: %,d sequences were replaced", dataset.invalidUtf8()));
        }
        out.println("Next: changeling pretrain --config configs/tiny.yaml --data " + ShellWord.of(this.out)
                + " --out run/");
    }

    /** Returns how many of the training split's tokens, [CLS] and [SEP] left out, are [UNK]. */
    private static double unknownShare(Dataset dataset) {
        SpecialTokens special = dataset.special();
        long[] counts = dataset.tokenCounts();
        long all = 0;
        for (int token = 0; token < counts.length; token++) {
            all += special.isUnmaskable(token) ? 0 : counts[token];
        }
        return all == 0 ? 0 : counts[special.unknown()] / (double) all;
    }
}
