package dev.changeling.cli;

import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.disk.PendingFile;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.finetuning.TaskTest;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskKind;
import dev.changeling.server.TextInput;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code predict}: asks a fine-tuned network. */
@Command(
        name = "predict",
        description = "Says of texts what a fine-tuned network has learnt to say of them.",
        customSynopsis = {
            "changeling predict --model FOLDER [OPTION]... [TEXT]...",
            "       changeling predict --model FOLDER --score FILE [OPTION]..."
        },
        footer = {
            "%nExamples:",
            "  changeling predict --model sentiment/model \"a film that knows what it wants\"",
            "  changeling predict --model sentiment/model --input test.tsv --text-columns sentence \\",
            "      --json --out labels.jsonl",
            "  changeling predict --model sentiment/model --score test.tsv --text-columns sentence",
            "  changeling predict --model chunks/model --input test.conll",
            "  changeling predict --model answers/model --question \"Who came?\" \"In the end only Anna came.\""
        })
final class PredictCommand implements Callable<Integer> {
    /** Texts that are sent together: enough to sort by length, few enough to hold. */
    private static final int CHUNK = 1024;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "FOLDER",
            description = "The model folder that finetune has made, or any fine-tuned ELECTRA of Hugging Face's form.")
    private Path model;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description =
                    "Texts from a .tsv, .csv or .jsonl; sentences from CoNLL columns; questions from SQuAD's JSON.")
    private @Nullable Path input;

    @Option(
            names = "--score",
            paramLabel = "FILE",
            description = "Labelled examples, in the forms that finetune reads: tell how well the network does on them,"
                    + " in place of what it says.")
    private @Nullable Path score;

    @Mixin
    private ExampleColumns columns;

    @Option(
            names = "--question",
            paramLabel = "TEXT",
            description = "What is asked of each text, if the network finds answers.")
    private @Nullable String question;

    @Mixin
    private NoneThresholdArgument none = new NoneThresholdArgument();

    @Option(names = "--json", description = "A JSON object for each text; of scores, one.")
    private boolean json;

    @Option(names = "--out", paramLabel = "FILE", description = "Write to this file in place of standard output.")
    private @Nullable Path out;

    @Parameters(
            paramLabel = "TEXT",
            arity = "0..*",
            description =
                    "What to judge. Without any, and without --input, each line of standard input that is not blank is"
                            + " a text.")
    private List<String> texts = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        requireOneSource();
        if (score == null) {
            TaskOptions.requireUnlabelled(input != null, spec.commandLine().getParseResult());
        }
        TaskKind kind = TaskFolder.kindIfAny(model)
                .orElseThrow(() -> new InputException(model + ": was not fine-tuned; expected the model folder that"
                        + " finetune has made, or an ELECTRA that others have fine-tuned"));
        if (out == null) {
            predict(kind, spec.commandLine().getOut());
            return ExitCode.DONE;
        }
        OutputFile.require(out, "predictions.jsonl");
        Path read = score == null ? input : score;
        if (read != null && Files.exists(read) && Files.exists(out) && Files.isSameFile(read, out)) {
            throw new InputException(out + ": is what is read; expected another file to write to");
        }
        try {
            Files.createDirectories(out.toAbsolutePath().resolveSibling(""));
            try (PendingFile pending = PendingFile.begin(out)) {
                PrintWriter writer = new PrintWriter(Channels.newWriter(pending.channel(), StandardCharsets.UTF_8));
                predict(kind, writer);
                if (writer.checkError()) {
                    throw new IOException("no room on the disk, or it is gone");
                }
                pending.finish();
            }
        } catch (IOException e) {
            throw FileFailure.unwritable(out, e);
        }
        return ExitCode.DONE;
    }

    private void requireOneSource() {
        long given = Stream.of(input != null, score != null, !texts.isEmpty())
                .filter(Boolean::booleanValue)
                .count();
        if (given > 1) {
            throw new UsageException("--input, --score, TEXT: expected one of them");
        }
        if (score != null && question != null) {
            throw new UsageException("--question: the file to score has questions; expected one of both");
        }
        if (question != null && (input != null || question.isBlank())) {
            throw new UsageException(
                    input != null
                            ? "--question: the file has questions; expected one of both"
                            : "--question: is blank; expected a question");
        }
    }

    private void predict(TaskKind kind, PrintWriter print) throws IOException {
        TaskOptions.requireFor(kind, spec.commandLine().getParseResult());
        if (score != null) {
            Engine engine = Engine.start(Device.AUTO, Precision.FLOAT32, 0);
            TaskTest.Report report = TaskTest.run(model, columns.format(kind), score, engine, none.threshold());
            new TaskTestView(kind, json).show(report, print);
            return;
        }
        if (question != null && kind != TaskKind.ANSWERS) {
            throw new UsageException("--question: " + model + " is for " + kind.title() + ", not for answers");
        }
        if (question == null && kind == TaskKind.ANSWERS && input == null) {
            throw new UsageException(model + " finds answers; expected --question, or --input with questions");
        }
        try (Predictions predictions = Predictions.open(model, kind, none.threshold())) {
            if (input != null) {
                predictions.read(input, columns.texts(), CHUNK, row -> show(row, predictions, print));
                return;
            }
            if (!texts.isEmpty()) {
                predictions.of(texts.stream().map(this::asked).toList()).forEach(row -> show(row, predictions, print));
                return;
            }
            StandardLines lines = new StandardLines();
            for (String line = lines.next(); line != null && !print.checkError(); line = lines.next()) {
                if (!line.isBlank()) {
                    predictions.of(List.of(asked(line))).forEach(row -> show(row, predictions, print));
                }
            }
            lines.tellInvalid(spec.commandLine().getErr());
        }
    }

    private TextInput asked(String text) {
        return new TextInput(text, question);
    }

    private void show(Map<String, Object> row, Predictions predictions, PrintWriter print) {
        print.println(json ? JsonMapper.shared().writeValueAsString(row) : predictions.line(row));
        print.flush();
    }
}
