package dev.changeling.cli;

import dev.changeling.bench.EmbedBench;
import dev.changeling.bench.Text;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.evaluation.ReplacedSequences;
import dev.changeling.evaluation.Spread;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.Pretrained;
import dev.changeling.model.TransformerEncoder;
import dev.changeling.onnx.OnnxExport;
import dev.changeling.onnx.OnnxSession;
import dev.changeling.onnx.Quantization;
import dev.changeling.onnx.Task;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench embed}: sentences to vectors, beside ONNX Runtime. */
@Command(
        name = "embed",
        description = {
            "Measures how fast an encoder makes vectors of a corpus' sentences, and how fast ONNX Runtime does with the"
                    + " same network: the same batches of token ids, both on all cores, in alternation."
        },
        customSynopsis = "changeling bench embed --model FOLDER --corpus PATH... [OPTION]...",
        footer = {"%nExample:", "  changeling bench embed --model run/model/discriminator --corpus wordnet:"})
final class BenchEmbedCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "FOLDER",
            description = "Any ELECTRA of Hugging Face's form, for example a run's model/discriminator.")
    private Path model;

    @Mixin
    private CorpusArguments corpus;

    @Mixin
    private TextArgument text;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "32",
            converter = PositiveConverter.class,
            description = "The most sentences in a batch. Default: ${DEFAULT-VALUE}.")
    private int batchSize;

    @Option(
            names = "--sentences",
            paramLabel = "N",
            defaultValue = "2000",
            converter = PositiveConverter.class,
            description = "How many sentences, evenly spaced in the text. Default: ${DEFAULT-VALUE}.")
    private int sentences;

    @Option(
            names = "--passes",
            paramLabel = "N",
            defaultValue = "9",
            converter = PositiveConverter.class,
            description = "How often each goes over all sentences, after once to warm up. Default: ${DEFAULT-VALUE}.")
    private int passes;

    @Mixin
    private JsonArgument json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Engine engine = Engine.cpu();
        EmbedBench.Report report;
        StatusLine status = StatusLine.on(spec.commandLine().getErr());
        try (Pretrained<TransformerEncoder> pretrained = HuggingFaceImport.readEncoder(model, engine);
                PassingFolder passing = PassingFolder.create()) {
            Text read;
            try (DocumentReader documents = corpus.open()) {
                read = text.read(documents);
            }
            Path exported = passing.path().resolve("onnx");
            OnnxExport.of(model, Optional.of(Task.FEATURE_EXTRACTION))
                    .write(exported, Quantization.NONE, ReplacedSequences.none());
            try (OnnxSession onnx = OnnxSession.open(exported.resolve(OnnxExport.MODEL), engine.threads());
                    EmbedBench bench = new EmbedBench(pretrained, onnx, batchSize)) {
                report = bench.run(
                        read,
                        sentences,
                        passes,
                        done -> status.show(() -> String.format(Locale.ROOT, "pass %,d of %,d", done, passes)));
            } finally {
                status.clear();
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json.isGiven()) {
            JsonArgument.write(byName(report, engine.threads()), out);
        } else {
            print(report, engine.threads(), out);
        }
        return ExitCode.DONE;
    }

    private Map<String, Object> byName(EmbedBench.Report report, int threads) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("threads", threads);
        names.put("batch_size", batchSize);
        names.put("sentences", report.sentences());
        names.put("tokens", report.tokens());
        names.put("padding", report.padding());
        names.put("passes", passes);
        names.put("changeling", rates(report.rate(), report));
        names.put("onnx_runtime", rates(report.onnxRate(), report));
        names.put("times_as_fast", byName(report.ratio()));
        names.put("largest_difference", report.difference());
        return names;
    }

    private static Map<String, Object> rates(Spread rate, EmbedBench.Report report) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("sentences_per_second", byName(rate));
        names.put("tokens_per_second", rate.median() * report.tokens() / report.sentences());
        return names;
    }

    private static Map<String, Object> byName(Spread spread) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("median", spread.median());
        names.put("least", spread.least());
        names.put("most", spread.most());
        return names;
    }

    private void print(EmbedBench.Report report, int threads, PrintWriter out) {
        line(
                out,
                "%,d sentences of %.1f tokens in batches of at most %d (%.1f %% padding), %d threads, %d passes each",
                report.sentences(),
                (double) report.tokens() / report.sentences(),
                batchSize,
                100 * report.padding(),
                threads,
                passes);
        line(out, "");
        line(out, "%-14s %12s %20s %10s", "", "sentences/s", "least to most", "tokens/s");
        rate(out, "Changeling", report.rate(), report);
        rate(out, "ONNX Runtime", report.onnxRate(), report);
        Spread ratio = report.ratio();
        line(
                out,
                "%-14s %12.2f %20s",
                "times as fast",
                ratio.median(),
                String.format(Locale.ROOT, "%.2f to %.2f", ratio.least(), ratio.most()));
        line(out, "");
        line(out, "The largest difference between two numbers of their vectors is %.1e.", report.difference());
    }

    private static void rate(PrintWriter out, String name, Spread rate, EmbedBench.Report report) {
        line(
                out,
                "%-14s %,12.0f %20s %,10.0f",
                name,
                rate.median(),
                String.format(Locale.ROOT, "%,.0f to %,.0f", rate.least(), rate.most()),
                rate.median() * report.tokens() / report.sentences());
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
