package dev.changeling.inference;

import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskKind;
import dev.changeling.task.Probabilities;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Labels texts: what fine-tuning has made of an encoder for classification, of one label or of several. Safe for use by
 * several threads; {@link #close} waits for those that are at work, and frees the native memory.
 */
public final class Classifier implements AutoCloseable {
    private final FineTunedNetwork network;

    private Classifier(FineTunedNetwork network) {
        this.network = network;
    }

    /**
     * Opens the folder of a fine-tuned network, on CUDA if there is one, else on all cores.
     *
     * @throws InputException as {@link TaskFolder#read} does, and if the network is no classifier
     * @throws IOException if a file can't be read
     */
    public static Classifier load(Path folder) throws IOException {
        return load(folder, Engine.start(Device.AUTO, Precision.FLOAT32, 0));
    }

    /**
     * Opens the folder of a fine-tuned network.
     *
     * @throws InputException as {@link TaskFolder#read} does, and if the network is no classifier
     * @throws IOException if a file can't be read
     */
    public static Classifier load(Path folder, Engine engine) throws IOException {
        return new Classifier(FineTunedNetwork.load(
                folder, engine, "classifier", EnumSet.of(TaskKind.CLASSIFICATION, TaskKind.MULTI_LABEL)));
    }

    /** Returns the labels, in the order of their ids. */
    public List<String> labels() {
        return network.labels();
    }

    /** Returns whether several labels may apply to a text. */
    public boolean isMultiLabel() {
        return network.kind() == TaskKind.MULTI_LABEL;
    }

    /**
     * Returns what a text is. What is longer than the network takes is cut.
     *
     * @throws IllegalStateException if the classifier is closed
     */
    public Classification classify(String text) {
        return classify(List.of(text)).get(0);
    }

    /**
     * Returns what texts are, in their order.
     *
     * @throws IllegalStateException if the classifier is closed
     */
    public List<Classification> classify(List<String> texts) {
        return classifyPairs(texts.stream().map(TextPair::of).toList());
    }

    /**
     * Returns what texts, or pairs of texts, are, in their order.
     *
     * @throws IllegalStateException if the classifier is closed
     */
    public List<Classification> classifyPairs(List<TextPair> texts) {
        return network.use(
                () -> network.outputs(texts.stream().map(network::sequence).toList()).stream()
                        .map(this::classification)
                        .toList());
    }

    private Classification classification(float[] logits) {
        float[] probabilities = isMultiLabel() ? Probabilities.ofEach(logits) : Probabilities.ofOne(logits);
        return new Classification(IntStream.range(0, probabilities.length)
                .mapToObj(label -> new LabelProbability(network.labels().get(label), probabilities[label]))
                .sorted(Comparator.comparingDouble(LabelProbability::probability)
                        .reversed())
                .toList());
    }

    @Override
    public void close() {
        network.close();
    }
}
