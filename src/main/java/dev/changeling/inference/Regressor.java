package dev.changeling.inference;

import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskKind;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;

/**
 * Gives texts a number: what fine-tuning has made of an encoder for regression. Safe for use by several threads;
 * {@link #close} waits for those that are at work, and frees the native memory.
 */
public final class Regressor implements AutoCloseable {
    private final FineTunedNetwork network;

    private Regressor(FineTunedNetwork network) {
        this.network = network;
    }

    /**
     * Opens the folder of a fine-tuned network, on CUDA if there is one, else on all cores.
     *
     * @throws InputException as {@link TaskFolder#read} does, and if the network is none for regression
     * @throws IOException if a file can't be read
     */
    public static Regressor load(Path folder) throws IOException {
        return load(folder, Engine.start(Device.AUTO, Precision.FLOAT32, 0));
    }

    /**
     * Opens the folder of a fine-tuned network.
     *
     * @throws InputException as {@link TaskFolder#read} does, and if the network is none for regression
     * @throws IOException if a file can't be read
     */
    public static Regressor load(Path folder, Engine engine) throws IOException {
        return new Regressor(FineTunedNetwork.load(folder, engine, "regressor", EnumSet.of(TaskKind.REGRESSION)));
    }

    /**
     * Returns the numbers of texts, or of pairs of texts, in their order.
     *
     * @throws IllegalStateException if the regressor is closed
     */
    public List<Double> estimate(List<TextPair> texts) {
        return network.use(
                () -> network.outputs(texts.stream().map(network::sequence).toList()).stream()
                        .map(output -> (double) output[0])
                        .toList());
    }

    @Override
    public void close() {
        network.close();
    }
}
