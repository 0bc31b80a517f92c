package dev.changeling.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.evaluation.ReplacedSequences;
import dev.changeling.hub.ExportFolder;
import dev.changeling.hub.ModelCard;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Writes an ELECTRA as a folder that ONNX runtimes open: {@code model.onnx}, {@code config.json} and the tokenizer's
 * files; {@code quantization.json} says what was quantized and what it cost.
 */
public final class OnnxExport {
    /** The graph's file. */
    public static final String MODEL = "model.onnx";
    /** The version of the standard operators that graphs are made of. */
    public static final int OPSET = GraphBuilder.OPSET;

    private static final String QUANTIZATION = "quantization.json";
    private static final Set<String> FILES = files();

    private final ElectraFolder source;
    private final Task task;

    private OnnxExport(ElectraFolder source, Task task) {
        this.source = source;
        this.task = task;
    }

    /**
     * Looks at a Hugging Face folder.
     *
     * @param folder with config.json, model.safetensors and a tokenizer
     * @param task what the graph answers; empty for what the folder's own head does
     * @throws InputException if the folder is damaged or of an architecture that is not exported, or has no head for
     *     the task
     * @throws IOException if a file can't be read
     */
    public static OnnxExport of(Path folder, Optional<Task> task) throws IOException {
        ElectraFolder source = ElectraFolder.read(folder);
        return new OnnxExport(source, source.supported(task));
    }

    /** Returns what the graph answers. */
    public Task task() {
        return task;
    }

    /**
     * Refuses measuring where there is nothing to measure with.
     *
     * @throws InputException if the folder has no head that finds replaced tokens
     */
    public void requireDetector() {
        if (source.head().orElse(null) != Task.REPLACED_TOKEN_DETECTION) {
            throw new InputException(source.folder() + ": "
                    + source.head().map(Task::architecture).orElse("a network with another head")
                    + " can't be measured on shards, it doesn't find replaced tokens; leave --data off and measure on"
                    + " your task's own data");
        }
    }

    /**
     * Refuses token ids that mean something else to the network.
     *
     * @param tokenizer the folder of the tokenizer that made them
     * @throws InputException if its vocabulary is not the model's
     * @throws IOException if a file can't be read
     */
    public void requireSameVocabulary(Path tokenizer) throws IOException {
        try (Tokenizer ours = Tokenizers.load(source.folder());
                Tokenizer theirs = Tokenizers.load(tokenizer)) {
            if (!ours.vocabulary().tokens().equals(theirs.vocabulary().tokens())) {
                throw new InputException(source.folder() + ": has another vocabulary than the data set, " + tokenizer);
            }
        }
    }

    /**
     * Writes the folder, which appears as a whole or not at all; an earlier export is replaced. The graph is loaded by
     * ONNX Runtime and run before that.
     *
     * @param folder where to
     * @param sequences what the cost of quantisation is measured on; empty to leave that out
     * @return what was written
     * @throws InputException if the folder holds anything that an export doesn't, a tensor is missing or damaged, the
     *     runtime refuses the graph, or writing fails; nothing is left then
     */
    public OnnxReport write(Path folder, Quantization quantization, ReplacedSequences sequences) {
        return write(folder, quantization, sequences, Optional.empty());
    }

    /**
     * As {@link #write(Path, Quantization, ReplacedSequences)}, with a model card.
     *
     * @param card of the network; the graph's is made from it
     */
    public OnnxReport write(
            Path folder, Quantization quantization, ReplacedSequences sequences, Optional<ModelCard> card) {
        QuantizationLoss.requireFit(sequences, source.config().maxPositions());
        try (ExportFolder export = ExportFolder.beginFlat(folder, FILES);
                ElectraWeights weights = source.weights()) {
            Path model = export.files().resolve(MODEL);
            long bytes = write(model, weights, task, quantization);
            GraphTrial.run(model, source.config());
            source.writeConfig(export.files(), task);
            source.copyTokenizer(export.files());
            OnnxReport report = new OnnxReport(
                    quantization,
                    bytes,
                    quantization == Quantization.NONE
                            ? bytes
                            : graph(weights, task, Quantization.NONE).getSerializedSize(),
                    sequences.isEmpty() || quantization == Quantization.NONE
                            ? Optional.empty()
                            : Optional.of(measure(export.files(), weights, quantization, sequences)));
            if (quantization != Quantization.NONE) {
                report.write(export.files().resolve(QUANTIZATION));
            }
            if (card.isPresent()) {
                OnnxCard.of(card.get(), task, report, source.config().maxPositions())
                        .write(export.files());
            }
            export.finish();
            return report;
        } catch (IOException e) {
            throw FileFailure.unwritable(folder, e);
        }
    }

    // The detector is what is scored, whatever is exported: the trunk, which is quantized, is the same.
    private QuantizationLoss measure(
            Path files, ElectraWeights weights, Quantization quantization, ReplacedSequences sequences)
            throws IOException {
        Path before = files.resolve("before.onnx");
        Path after = files.resolve("after.onnx");
        write(before, weights, Task.REPLACED_TOKEN_DETECTION, Quantization.NONE);
        write(after, weights, Task.REPLACED_TOKEN_DETECTION, quantization);
        QuantizationLoss loss = QuantizationLoss.measure(
                before, after, sequences, source.config().padding());
        Files.delete(before);
        Files.delete(after);
        return loss;
    }

    private long write(Path file, ElectraWeights weights, Task answered, Quantization quantization) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            graph(weights, answered, quantization).writeTo(out);
        }
        return Files.size(file);
    }

    private ModelProto graph(ElectraWeights weights, Task answered, Quantization quantization) {
        return ElectraGraph.build(source.config(), weights, answered, quantization);
    }

    private static Set<String> files() {
        Set<String> files = new HashSet<>(ElectraFolder.TOKENIZER_FILES);
        files.addAll(Set.of(MODEL, ElectraFolder.CONFIG, QUANTIZATION));
        return Set.copyOf(files);
    }
}
