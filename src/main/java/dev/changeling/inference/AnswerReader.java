package dev.changeling.inference;

import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskKind;
import dev.changeling.task.AnswerWindow;
import dev.changeling.task.FoundAnswer;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;

/**
 * Finds the answer to a question in a text: what fine-tuning has made of an encoder for extractive question answering.
 * Safe for use by several threads; {@link #close} waits for those that are at work, and frees the native memory.
 */
public final class AnswerReader implements AutoCloseable {
    private final FineTunedNetwork network;

    private AnswerReader(FineTunedNetwork network) {
        this.network = network;
    }

    /**
     * Opens the folder of a fine-tuned network, on CUDA if there is one, else on all cores.
     *
     * @throws InputException as {@link TaskFolder#read} does, and if the network finds no answers
     * @throws IOException if a file can't be read
     */
    public static AnswerReader load(Path folder) throws IOException {
        return load(folder, Engine.start(Device.AUTO, Precision.FLOAT32, 0));
    }

    /**
     * Opens the folder of a fine-tuned network.
     *
     * @throws InputException as {@link TaskFolder#read} does, and if the network finds no answers
     * @throws IOException if a file can't be read
     */
    public static AnswerReader load(Path folder, Engine engine) throws IOException {
        return new AnswerReader(FineTunedNetwork.load(folder, engine, "answer reader", EnumSet.of(TaskKind.ANSWERS)));
    }

    /** Returns whether the network has learnt that there may be no answer. */
    public boolean mayBeNone() {
        return network.mayBeNone();
    }

    /**
     * Returns the likeliest answer in a text of any length; its text is empty if there being none is likelier, and the
     * network has learnt that this may be.
     *
     * @throws IllegalStateException if the reader is closed
     */
    public FoundAnswer answer(String question, String context) {
        return answer(question, context, 0);
    }

    /**
     * Returns the likeliest answer in a text of any length; its text is empty if there being none is likelier by more
     * than a threshold, and the network has learnt that this may be.
     *
     * @param noneThreshold in logits: {@code none_threshold} of the network's results, for example
     * @throws IllegalStateException if the reader is closed
     */
    public FoundAnswer answer(String question, String context, double noneThreshold) {
        return network.use(() -> {
            List<AnswerWindow> windows = AnswerWindow.of(question, context, network.tokenizer(), network.sequences());
            FoundAnswer found = FoundAnswer.in(
                    context,
                    windows,
                    network.outputs(windows.stream().map(AnswerWindow::sequence).toList()));
            return network.mayBeNone() ? found.orNone(noneThreshold) : found;
        });
    }

    @Override
    public void close() {
        network.close();
    }
}
