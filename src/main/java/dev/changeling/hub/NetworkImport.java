package dev.changeling.hub;

import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.error.InputException;
import dev.changeling.hub.WarmStartReport.Entry;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Electra;
import dev.changeling.model.Generator;
import dev.changeling.model.Initialization;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Brings networks from elsewhere into the one form that every command here reads: Hugging Face ELECTRA folders,
 * {@code discriminator} and {@code generator}, with 32-bit safetensors, and beside them {@code pretrain.yaml}, the
 * configuration of a run that goes on from them.
 */
public final class NetworkImport {
    /** The configuration of a run that goes on from what was imported. */
    public static final String CONFIG = "pretrain.yaml";

    private NetworkImport() {}

    /**
     * Writes the networks into a folder, which appears as a whole or not at all. An earlier import there is replaced.
     *
     * @param from where they are, see {@link WarmStart#open(List)}
     * @param seed of the head that a trunk without one is given
     * @return what became of each tensor
     * @throws InputException if a network can't be read or is damaged, or the folder holds anything else or one of the
     *     networks
     */
    public static WarmStartReport write(List<Path> from, Path out, Engine engine, long seed) throws IOException {
        ExportFolder.requireOutside(from, out);
        try (WarmStart start = WarmStart.open(from)) {
            SavedPair saved = start.saved();
            SavedNetwork first = saved.networks().get(0);
            ModelConfig config = config(saved);
            int tokens;
            try (Tokenizer tokenizer = Tokenizers.load(first.folder())) {
                tokens = tokenizer.vocabulary().size();
            }
            try (Electra model = new Electra(engine, config, tokens)) {
                Initialization.apply(model, config, seed);
                WarmStartReport report = start.apply(model, first.folder());
                HuggingFaceExport.write(
                        out,
                        model,
                        config,
                        first.folder(),
                        HuggingFaceImport.sequenceLength(first.folder(), first.config()),
                        networks(saved),
                        text(config));
                return new WarmStartReport(report.entries().stream()
                        .filter(entry -> isWritten(entry, saved))
                        .toList());
            }
        }
    }

    private static Set<String> networks(SavedPair saved) {
        Set<String> networks = new LinkedHashSet<>();
        if (saved.discriminator() != null) {
            networks.add(HuggingFaceExport.DISCRIMINATOR);
        }
        if (saved.generator() != null) {
            networks.add(HuggingFaceExport.GENERATOR);
        }
        return networks;
    }

    private static boolean isWritten(Entry entry, SavedPair saved) {
        String absent = saved.generator() == null ? Generator.PREFIX : "";
        absent = saved.discriminator() == null ? Discriminator.PREFIX : absent;
        return absent.isEmpty() || !entry.tensor().startsWith(absent);
    }

    /** Returns the settings of a run with these networks; one that is absent gets what the paper found best. */
    private static ModelConfig config(SavedPair saved) {
        HuggingFaceConfig first = saved.networks().get(0).config();
        SavedNetwork discriminator = saved.discriminator();
        SavedNetwork generator = saved.generator();
        NetworkConfig given = first.network();
        return new ModelConfig(
                first.embeddingSize(),
                first.maxPositions(),
                first.segmentTypes(),
                first.dropout(),
                first.attentionDropout(),
                first.layerNormEpsilon(),
                new InitializationConfig(InitializationConfig.Scheme.STANDARD, first.initializerRange(), 32, 0.9),
                discriminator == null ? given : discriminator.config().network(),
                generator == null ? quarter(given) : generator.config().network());
    }

    /** A generator of a quarter of the width, as for ELECTRA-Small (arXiv 2003.10555, table 6). */
    private static NetworkConfig quarter(NetworkConfig network) {
        int heads = Math.max(1, network.heads() / 4);
        int hiddenSize = Math.max(1, network.hiddenSize() / 4 / heads) * heads;
        return new NetworkConfig(network.layers(), hiddenSize, heads, 4 * hiddenSize);
    }

    private static String text(ModelConfig config) {
        return String.format(
                Locale.ROOT,
                """
                # A run that goes on from the networks in this folder. Every other setting is that of the preset.
                preset: small

                model:
                  embedding_size: %d
                  max_positions: %d
                  segment_types: %d
                  dropout: %s
                  attention_dropout: %s
                  layer_norm_epsilon: %s
                  initialization:
                    scheme: standard
                    standard_deviation: %s
                  discriminator:
                %s
                  generator:
                %s
                """,
                config.embeddingSize(),
                config.maxPositions(),
                config.segmentTypes(),
                config.dropout(),
                config.attentionDropout(),
                config.layerNormEpsilon(),
                config.initialization().standardDeviation(),
                text(config.discriminator()),
                text(config.generator()));
    }

    private static String text(NetworkConfig network) {
        return String.format(
                Locale.ROOT,
                "    layers: %d\n    hidden_size: %d\n    heads: %d\n    intermediate_size: %d",
                network.layers(),
                network.hiddenSize(),
                network.heads(),
                network.intermediateSize());
    }
}
