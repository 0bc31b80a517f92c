package dev.changeling.cli;

import dev.changeling.config.NetworkConfig;
import dev.changeling.finetuning.FineTuningSettings;
import dev.changeling.hub.TaskKind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options by which a verb is told how to fine-tune. The defaults are google's (configure_finetuning.py). */
final class FineTuningArguments {
    /** From this width on, google's rate and layer decay for large. */
    private static final int LARGE = 1024;

    /** From this width on, google's rate for base. */
    private static final int WIDE = 512;

    /**
     * From this width on, that of those who fine-tune ELECTRA-Small; below, what was found here (docs/experiments.md).
     */
    private static final int SMALL = 256;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Times that every example is seen. Default: 3, for answers 2.")
    private @Nullable Integer epochs;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "32",
            converter = PositiveConverter.class,
            description = "Examples a step. Default: ${DEFAULT-VALUE}.")
    private int batchSize;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            converter = NumberConverter.Decimal.class,
            description = "Of the head, the highest of the schedule. Default: 5e-5 for a network of 1024 or wider, 1e-4"
                    + " from 512 on, 3e-4 from 256 on, 1e-3 for a narrower one.")
    private @Nullable Double learningRate;

    @Option(
            names = "--layer-decay",
            paramLabel = "X",
            converter = NumberConverter.Decimal.class,
            description = "What the rate is multiplied by from each layer to the one below. Default: 0.8, for a network"
                    + " of 1024 or wider 0.9.")
    private @Nullable Double layerDecay;

    @Option(
            names = "--warmup",
            paramLabel = "X",
            defaultValue = "0.1",
            converter = NumberConverter.Decimal.class,
            description = "Part of the steps in which the rate rises from 0. Default: ${DEFAULT-VALUE}.")
    private double warmup;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            defaultValue = "0.01",
            converter = NumberConverter.Decimal.class,
            description = "On all weights but LayerNorm and biases. Default: ${DEFAULT-VALUE}.")
    private double weightDecay;

    @Option(
            names = "--dropout",
            paramLabel = "X",
            converter = NumberConverter.Decimal.class,
            description =
                    "Probability that a hidden unit or an attention weight is dropped. Default: what the network's"
                            + " config.json says, 0.1 in google's.")
    private @Nullable Double dropout;

    @Option(
            names = "--early-stopping",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Score after each epoch, end after N without a better score, and take the best weights."
                    + " Default: train through and take the last.")
    private int patience;

    @Option(
            names = "--new-layers",
            paramLabel = "N",
            defaultValue = "0",
            converter = NumberConverter.Whole.class,
            description =
                    "Draw the last N layers anew: after little pre-training they know their old task only, and are in"
                            + " the way. Default: ${DEFAULT-VALUE}.")
    private long newLayers;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /**
     * Returns the settings for a network.
     *
     * @param standardDropout that the network has
     * @param standardAttentionDropout that the network has
     * @param kind what it is to learn
     */
    FineTuningSettings settings(
            NetworkConfig network, double standardDropout, double standardAttentionDropout, TaskKind kind) {
        int width = network.hiddenSize();
        double rate = learningRate == null ? rate(width) : learningRate;
        double decay = layerDecay == null ? width >= LARGE ? 0.9 : 0.8 : layerDecay;
        int times = epochs == null ? kind == TaskKind.ANSWERS ? 2 : 3 : epochs;
        require(rate > 0 && Double.isFinite(rate), "--learning-rate", rate, "a number above 0");
        require(decay > 0 && decay <= 1, "--layer-decay", decay, "above 0 and at most 1");
        require(warmup >= 0 && warmup < 1, "--warmup", warmup, "from 0 to below 1");
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "--weight-decay", weightDecay, "0 or more");
        double hidden = dropout == null ? standardDropout : dropout;
        double attention = dropout == null ? standardAttentionDropout : dropout;
        require(hidden >= 0 && hidden < 1, "--dropout", hidden, "from 0 to below 1");
        int layers = network.layers();
        require(newLayers >= 0 && newLayers <= layers, "--new-layers", (double) newLayers, "0 to " + layers);
        return new FineTuningSettings(
                times, batchSize, rate, decay, warmup, weightDecay, hidden, attention, patience, (int) newLayers);
    }

    private static double rate(int width) {
        if (width >= LARGE) {
            return 5e-5;
        }
        return width >= WIDE ? 1e-4 : width >= SMALL ? 3e-4 : 1e-3;
    }

    private void require(boolean holds, String option, double value, String expected) {
        if (!holds) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '" + option + "': found " + value + ", expected " + expected);
        }
    }
}
