package dev.changeling.cli;

import dev.changeling.evaluation.ReplacedSequences;
import dev.changeling.hub.EncoderExport;
import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.hub.ModelCard;
import dev.changeling.onnx.OnnxExport;
import dev.changeling.onnx.OnnxReport;
import dev.changeling.onnx.Quantization;
import dev.changeling.onnx.Task;
import dev.changeling.pretraining.TrainedRun;
import dev.changeling.shard.Dataset;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code export}: writes networks as others read them, Hugging Face folders or ONNX. */
@Command(
        name = "export",
        description = {
            "Writes networks as others read them.",
            "  hf    both networks of a run's newest checkpoint, as folders that Hugging Face's from_pretrained"
                    + " opens. A finished run has them already, under model/. With --task feature-extraction the"
                    + " encoder alone, of a run or of any ELECTRA of Hugging Face's form, for AutoModel.",
            "  onnx  the discriminator of a run's newest checkpoint, or any ELECTRA of Hugging Face's form, as a"
                    + " folder with model.onnx and its tokenizer (opset " + OnnxExport.OPSET
                    + ", free batch and length)."
        },
        customSynopsis = {
            "changeling export --run FOLDER --out FOLDER [--data FOLDER]",
            "       changeling export (--run FOLDER | --model FOLDER) --task feature-extraction --out FOLDER",
            "       changeling export --format onnx (--run FOLDER | --model FOLDER) --out FOLDER [--task TASK]",
            "                         [--quantize int8 [--data FOLDER [--rows N]]]"
        },
        footer = {
            "%nExamples:",
            "  changeling export --run run/ --out exported/",
            "  changeling export --run run/ --task feature-extraction --out encoder/",
            "  changeling export --format onnx --run run/ --task feature-extraction --out encoder/",
            "  changeling export --format onnx --run run/ --quantize int8 --data shards/ --out detector/",
            "  changeling export --format onnx --model my-classifier/ --out classifier/"
        })
final class ExportCommand implements Callable<Integer> {
    private static final long SEED = 1;
    private static final int DEFAULT_ROWS = 1000;
    private static final double MEGABYTE = 1e6;

    /** What is exported: exactly one of the two. */
    static final class SourceArgument {
        @Option(names = "--run", required = true, paramLabel = "FOLDER", description = "A run that pretrain has made.")
        private @Nullable Path run;

        @Option(
                names = "--model",
                required = true,
                paramLabel = "FOLDER",
                description =
                        "With onnx, or for the encoder alone: an ELECTRA of Hugging Face's form, a discriminator, an encoder, or one that"
                                + " was fine-tuned to classify texts or tokens.")
        private @Nullable Path model;
    }

    @ArgGroup(multiplicity = "1")
    private SourceArgument source = new SourceArgument();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the export goes; an earlier one there is replaced.")
    private Path out;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "hf",
            converter = ExportConverters.Formats.class,
            description = "hf or onnx. Default: ${DEFAULT-VALUE}.")
    private ExportConverters.Format format;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Shards. An unfinished run's tokenizer is taken from those that it reads. With --quantize,"
                    + " what is lost is measured on the held-out ones: loss and AUC of replaced token detection.")
    private @Nullable Path data;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            converter = ExportConverters.Tasks.class,
            description = "What the export answers: feature-extraction (the encoder alone, last_hidden_state); with"
                    + " onnx also replaced-token-detection, text-classification or token-classification (logits)."
                    + " Default: what the model's own head does.")
    private @Nullable Task task;

    @Option(
            names = "--quantize",
            paramLabel = "FORMAT",
            converter = ExportConverters.Quantizations.class,
            description = "With onnx: int8 holds the encoder's matrices as 8-bit integers, a quarter of the size, and"
                    + " rounds activations as they come. Default: 32-bit floats.")
    private @Nullable Quantization quantization;

    @Option(
            names = "--rows",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "How many held-out rows to measure on, evenly spaced. Default: " + DEFAULT_ROWS + ", or all.")
    private @Nullable Integer rows;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        requireTogether();
        if (source.run != null) {
            exportRun(source.run);
        } else if (source.model != null) {
            exportModel(source.model);
        }
        return ExitCode.DONE;
    }

    private void requireTogether() {
        boolean onnx = format == ExportConverters.Format.ONNX;
        require(
                onnx || task == null || task == Task.FEATURE_EXTRACTION,
                "--task: other than feature-extraction needs --format onnx");
        require(
                onnx || task != null || source.model == null,
                "--model: needs --task feature-extraction or --format onnx");
        require(onnx || quantization == null, "--quantize: needs --format onnx");
        require(
                source.run == null
                        || task == null
                        || task == Task.FEATURE_EXTRACTION
                        || task == Task.REPLACED_TOKEN_DETECTION,
                "--task: a run's discriminator does feature-extraction or replaced-token-detection");
        require(rows == null || (quantization != null && data != null), "--rows: needs --quantize and --data");
        require(source.model == null || data == null || quantization != null, "--data: needs --quantize here");
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private void exportRun(Path run) throws IOException {
        try (TrainedRun trained = TrainedRun.load(run)) {
            RunTokenizer tokenizer = RunTokenizer.of(run, trained, data);
            if (format == ExportConverters.Format.HF && task != null) {
                writeEncoder(trained, tokenizer);
                return;
            }
            if (format == ExportConverters.Format.HF) {
                writeHuggingFace(trained, tokenizer, out);
                print(
                        "%s: both networks after %,d steps%nNext: changeling detect --model %s \"your own text\"",
                        out, trained.step(), ShellWord.of(out.resolve(HuggingFaceExport.DISCRIMINATOR)));
                return;
            }
            try (PassingFolder passing = PassingFolder.create()) {
                Path networks = passing.path().resolve("networks");
                writeHuggingFace(trained, tokenizer, networks);
                OnnxExport export =
                        OnnxExport.of(networks.resolve(HuggingFaceExport.DISCRIMINATOR), Optional.ofNullable(task));
                writeOnnx(
                        export,
                        sequences(trained),
                        Optional.ofNullable(trained.cards().get(HuggingFaceExport.DISCRIMINATOR)),
                        String.format(Locale.ROOT, " after %,d steps", trained.step()));
            }
        }
    }

    private void writeEncoder(TrainedRun trained, RunTokenizer tokenizer) {
        EncoderExport.write(
                out,
                trained.model(),
                trained.config().model(),
                tokenizer.folder(),
                tokenizer.sequenceLength(),
                trained.encoderCard());
        print("%s: the encoder alone after %,d steps", out, trained.step());
    }

    private void exportModel(Path model) throws IOException {
        if (format == ExportConverters.Format.HF) {
            List<String> head = EncoderExport.write(out, model, Engine.cpu());
            print("%s: the encoder alone%s", out, head.isEmpty() ? "" : ", without " + String.join(", ", head));
            return;
        }
        OnnxExport export = OnnxExport.of(model, Optional.ofNullable(task));
        ReplacedSequences sequences = ReplacedSequences.none();
        if (data != null) {
            export.requireDetector();
            Dataset dataset = Dataset.open(data);
            export.requireSameVocabulary(dataset.tokenizerFolder());
            sequences = ReplacedSequences.byFrequency(dataset, rows(), SEED);
        }
        writeOnnx(export, sequences, Optional.empty(), "");
    }

    private ReplacedSequences sequences(TrainedRun trained) throws IOException {
        return data == null || quantization == null
                ? ReplacedSequences.none()
                : ReplacedSequences.ofRun(trained.model(), trained.config(), Dataset.open(data), rows());
    }

    private static void writeHuggingFace(TrainedRun trained, RunTokenizer tokenizer, Path target) {
        HuggingFaceExport.write(
                target,
                trained.model(),
                trained.config().model(),
                tokenizer.folder(),
                tokenizer.sequenceLength(),
                trained.cards());
    }

    private void writeOnnx(OnnxExport export, ReplacedSequences sequences, Optional<ModelCard> card, String when) {
        Quantization wanted = quantization == null ? Quantization.NONE : quantization;
        OnnxReport report = export.write(out, wanted, sequences, card);
        print(
                "%s: %s%s, output %s, %.1f MB, opset %d",
                out.resolve(OnnxExport.MODEL),
                export.task().label(),
                when,
                export.task().output(),
                report.bytes() / MEGABYTE,
                OnnxExport.OPSET);
        if (wanted != Quantization.NONE) {
            print("int8: %.1f MB in place of %.1f MB", report.bytes() / MEGABYTE, report.floatBytes() / MEGABYTE);
            report.loss()
                    .ifPresentOrElse(
                            loss -> print(
                                    "  on %,d held-out tokens (replacements: %s):%n"
                                            + "  RTD loss %.4f, %.4f in 32-bit floats; AUC %.4f, %.4f in 32-bit floats",
                                    loss.before().tokens(),
                                    loss.replacements(),
                                    loss.after().loss(),
                                    loss.before().loss(),
                                    loss.after().auc(),
                                    loss.before().auc()),
                            () -> print("  what it costs in quality was not measured; --data shards/ measures it"));
        }
    }

    private int rows() {
        return rows == null ? DEFAULT_ROWS : rows;
    }

    private void print(String format, Object... values) {
        PrintWriter printer = spec.commandLine().getOut();
        printer.println(String.format(Locale.ROOT, format, values));
    }
}
