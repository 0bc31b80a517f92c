package dev.changeling.cli;

import dev.changeling.bench.Text;
import dev.changeling.bench.TokenizerBench;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.VocabularySettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench vocab}: learning a vocabulary. */
@Command(
        name = "vocab",
        description =
                "Measures how fast a lower-cased vocabulary is learnt from text that is in memory; it is thrown away.",
        customSynopsis = "changeling bench vocab --corpus PATH... [OPTION]...",
        footer = {"%nExample:", "  changeling bench vocab --corpus wordnet: --size 8000"})
final class BenchVocabCommand implements Callable<Integer> {
    @Mixin
    private CorpusArguments corpus;

    @Mixin
    private TextArgument text;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "30522",
            converter = PositiveConverter.class,
            description = "The most tokens, special ones included. Default: ${DEFAULT-VALUE}, as BERT's.")
    private int size;

    @Mixin
    private ThreadsArgument threads;

    @Mixin
    private JsonArgument json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        VocabularySettings settings = settings();
        Text read;
        try (DocumentReader documents = corpus.open()) {
            read = text.read(documents);
        }
        TokenizerBench.Learnt learnt = TokenizerBench.learn(settings, read, threads.count());
        double megabytes = read.bytes() / TextArgument.MEGABYTE;
        PrintWriter out = spec.commandLine().getOut();
        if (json.isGiven()) {
            Map<String, Object> names = new LinkedHashMap<>();
            names.put("documents", read.documents().size());
            names.put("bytes", read.bytes());
            names.put("words", learnt.words());
            names.put("tokens", learnt.tokens());
            names.put("threads", threads.count());
            names.put("seconds", learnt.seconds());
            names.put("megabytes_per_second", megabytes / learnt.seconds());
            JsonArgument.write(names, out);
        } else {
            out.println(String.format(
                    Locale.ROOT,
                    "%,d tokens from %,d words (%.1f MB) in %.1f s on %d threads: %.1f MB/s",
                    learnt.tokens(),
                    learnt.words(),
                    megabytes,
                    learnt.seconds(),
                    threads.count(),
                    megabytes / learnt.seconds()));
        }
        return ExitCode.DONE;
    }

    private VocabularySettings settings() {
        try {
            return VocabularySettings.of(size, new BertNormalization(true, true));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
