package dev.changeling.cli;

import dev.changeling.bench.Text;
import dev.changeling.bench.TokenizerBench;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench tokenizer}: text to token ids. */
@Command(
        name = "tokenizer",
        description = "Measures how fast a tokenizer encodes text that is in memory, on one thread and on all.",
        customSynopsis = "changeling bench tokenizer --vocab PATH --corpus PATH... [OPTION]...",
        footer = {"%nExample:", "  changeling bench tokenizer --vocab vocab.txt --corpus wordnet:"})
final class BenchTokenizerCommand implements Callable<Integer> {
    @Option(
            names = "--vocab",
            required = true,
            paramLabel = "PATH",
            description = "A vocab.txt, a tokenizer.json, or a folder with one of them.")
    private Path vocabulary;

    @Mixin
    private CorpusArguments corpus;

    @Mixin
    private TextArgument text;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            converter = PositiveConverter.class,
            description = "How long each measurement takes, after as long to warm up. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Mixin
    private ThreadsArgument threads;

    @Mixin
    private JsonArgument json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Duration time = Duration.ofSeconds(seconds);
        Text read;
        TokenizerBench.Rate one;
        TokenizerBench.Rate all;
        try (Tokenizer tokenizer = Tokenizers.load(vocabulary)) {
            try (DocumentReader documents = corpus.open()) {
                read = text.read(documents);
            }
            one = TokenizerBench.encode(tokenizer, read, 1, time, time);
            all = threads.count() == 1 ? one : TokenizerBench.encode(tokenizer, read, threads.count(), time, time);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json.isGiven()) {
            Map<String, Object> names = new LinkedHashMap<>();
            names.put("documents", read.documents().size());
            names.put("bytes", read.bytes());
            names.put("one_thread", byName(one));
            names.put("all_threads", byName(all));
            JsonArgument.write(names, out);
        } else {
            print(read, threads.count() == 1 ? List.of(one) : List.of(one, all), out);
        }
        return ExitCode.DONE;
    }

    private static Map<String, Object> byName(TokenizerBench.Rate rate) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("threads", rate.threads());
        names.put("megabytes_per_second", rate.bytesPerSecond() / TextArgument.MEGABYTE);
        names.put("tokens_per_second", rate.tokensPerSecond());
        return names;
    }

    private static void print(Text text, List<TokenizerBench.Rate> rates, PrintWriter out) {
        line(
                out,
                "%.1f MB of text in %,d documents",
                text.bytes() / TextArgument.MEGABYTE,
                text.documents().size());
        line(out, "");
        line(out, "%7s %10s %16s %15s", "threads", "MB/s", "MB/s a thread", "tokens/s");
        for (TokenizerBench.Rate rate : rates) {
            double megabytes = rate.bytesPerSecond() / TextArgument.MEGABYTE;
            line(
                    out,
                    "%7d %,10.1f %,16.1f %,15.0f",
                    rate.threads(),
                    megabytes,
                    megabytes / rate.threads(),
                    rate.tokensPerSecond());
        }
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
