package dev.changeling.cli;

import dev.changeling.config.NetworkConfig;
import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.finetuning.FineTuning;
import dev.changeling.finetuning.FineTuningPlan;
import dev.changeling.finetuning.FineTuningReport;
import dev.changeling.finetuning.FineTuningResults;
import dev.changeling.finetuning.TaskFiles;
import dev.changeling.hub.HuggingFaceConfig;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.Pooling;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code finetune}: teaches a pre-trained encoder a task. */
@Command(
        name = "finetune",
        description = {
            "Teaches a pre-trained encoder a task from labelled examples, and scores it.",
            "With several seeds, what counts is the median over them; the network of the best is kept."
        },
        customSynopsis = "changeling finetune --model FOLDER --task TASK --train FILE --out FOLDER [OPTION]...",
        footer = {
            "%nData: classification, multi-label, regression and embedding read .tsv, .csv (both with a",
            "header) or .jsonl; tagging reads CoNLL columns, a word a line; answers reads SQuAD's JSON.",
            "All also as .gz or .zst.",
            "%nExamples:",
            "  changeling finetune --model run/model/discriminator --task classification \\",
            "      --train train.tsv --dev dev.tsv --text-columns sentence --seeds 5 --out sentiment/",
            "  changeling finetune --model run/model/discriminator --task tagging \\",
            "      --train train.conll --out chunks/",
            "  changeling finetune --model run/model/discriminator --task embedding \\",
            "      --train pairs.tsv --text-columns question,answer --batch-size 64 --out search/"
        })
final class FineTuneCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "FOLDER",
            description = "What is taught: a run's model/discriminator, or any ELECTRA of Hugging Face's form.")
    private Path model;

    @Option(
            names = "--task",
            required = true,
            paramLabel = "TASK",
            converter = TaskConverter.class,
            completionCandidates = TaskConverter.Names.class,
            description = "${COMPLETION-CANDIDATES}.")
    private TaskKind task;

    @Option(names = "--train", required = true, paramLabel = "FILE", description = "The examples to learn from.")
    private Path train;

    @Option(
            names = "--dev",
            paramLabel = "FILE",
            description = "The examples to score on. Default: a tenth of the training examples, held out.")
    private @Nullable Path dev;

    @Mixin
    private ExampleColumns columns;

    @Option(
            names = "--pooling",
            paramLabel = "HOW",
            defaultValue = "mean",
            converter = EmbedConverters.Poolings.class,
            description =
                    "For embedding: mean of all tokens, [CLS] and [SEP] included, or cls. Default: ${DEFAULT-VALUE}.")
    private Pooling pooling;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            defaultValue = "0.05",
            converter = NumberConverter.Decimal.class,
            description = "For embedding: what cosines are divided by in the loss. Default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "A new folder for all that is made.")
    private Path out;

    @Mixin
    private FineTuningArguments arguments;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "128",
            converter = PositiveConverter.class,
            description =
                    "The longest sequence, in tokens; what is longer is cut. Default: ${DEFAULT-VALUE}, or what the"
                            + " network takes.")
    private int length;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            converter = PositiveConverter.class,
            description = "How many trainings, each with other random numbers. Default: ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            converter = NumberConverter.Whole.class,
            description = "Of the first training. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--from-scratch",
            description =
                    "Take only the network's shape and tokenizer, and random weights: what pre-training is measured by.")
    private boolean fromScratch;

    @Option(
            names = "--balanced",
            description = "For classification: each class counts the same in the loss, however rare it is.")
    private boolean balanced;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description =
                    "The measure by which one training is better: accuracy, f1, macro_f1, matthews, spearman, span_f1,"
                            + " … Default: the task's first.")
    private @Nullable String metric;

    @Option(names = "--json", description = "Write results.json, on one line, in place of text.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        FineTuningPlan plan = plan(spec.commandLine().getParseResult().originalArgs());
        FineTuningReport report = train(plan, out, spec.commandLine().getErr());
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            print.println(FineTuningResults.of(plan, report));
        } else {
            FineTuningView.lines(report, out).forEach(print::println);
        }
        return ExitCode.DONE;
    }

    /**
     * Returns what is to be done by the options.
     *
     * @param commandLine for the provenance
     */
    FineTuningPlan plan(List<String> commandLine) throws IOException {
        HuggingFaceConfig config = HuggingFaceConfig.read(model.resolve("config.json"));
        return plan(config.network(), config.dropout(), config.attentionDropout(), commandLine);
    }

    /**
     * Returns what is to be done by the options with a network that need not be there.
     *
     * @param dropout that it has
     * @param attentionDropout that it has
     * @param commandLine for the provenance
     */
    FineTuningPlan plan(NetworkConfig network, double dropout, double attentionDropout, List<String> commandLine) {
        TaskOptions.requireFor(task, spec.commandLine().getParseResult());
        return new FineTuningPlan(
                model,
                fromScratch,
                new TaskFiles(columns.format(task), train, dev, 0.1),
                arguments.settings(network, dropout, attentionDropout, task),
                seed,
                seeds,
                length(),
                balanced,
                pooling,
                temperature(),
                metric,
                commandLine);
    }

    /** Does it, shows how it goes, and writes the folder. */
    static FineTuningReport train(FineTuningPlan plan, Path out, PrintWriter err) throws IOException {
        Engine engine = Engine.start(Device.AUTO, Precision.FLOAT32, 0);
        FineTuningView view = new FineTuningView(err, plan);
        try {
            return FineTuning.run(plan, engine, out, view);
        } finally {
            view.clear();
        }
    }

    private int length() {
        if (length < 8) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--length': found " + length + ", expected 8 or more");
        }
        return length;
    }

    private double temperature() {
        if (!(temperature > 0 && temperature <= 100)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--temperature': found " + temperature
                            + ", expected above 0, at most 100");
        }
        return temperature;
    }
}
