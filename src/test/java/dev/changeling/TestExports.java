package dev.changeling;

import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small untrained networks, and folders of them, for tests. */
public final class TestExports {
    /** The length that the tokenizer's file tells, less than the position table's. */
    public static final int SEQUENCE_LENGTH = 16;

    private static final NetworkConfig DISCRIMINATOR = new NetworkConfig(2, 24, 4, 48);
    private static final NetworkConfig GENERATOR = new NetworkConfig(1, 16, 2, 32);

    private TestExports() {}

    public static ModelConfig config() {
        return new ModelConfig(
                16,
                24,
                2,
                0.1,
                0.2,
                1e-12,
                // Far larger than in practice, so that untrained networks tell tokens apart.
                new InitializationConfig(InitializationConfig.Scheme.STANDARD, 0.5, 0, 0),
                DISCRIMINATOR,
                GENERATOR);
    }

    public static Vocabulary vocabulary() {
        List<String> words =
                List.of("the", "old", "cat", "sat", "on", "a", "mat", ".", "un", "##like", "##ly", "don", "'", "t");
        return new Vocabulary(
                Stream.of(
                                Stream.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
                                words.stream(),
                                IntStream.range(0, 11).mapToObj(i -> "" + (char) ('b' + i)))
                        .flatMap(tokens -> tokens)
                        .toList(),
                TestConfigs.SPECIAL);
    }

    public static Engine engine() {
        return Engine.start(Device.CPU, Precision.FLOAT32, 1);
    }

    public static Electra model(long seed) {
        Electra model = new Electra(engine(), config(), vocabulary().size());
        Initialization.apply(model, config(), seed);
        return model;
    }

    public static Path tokenizer(Path folder) throws IOException {
        TokenizerFiles.write(folder, vocabulary(), BertNormalization.UNCASED, 512);
        return folder;
    }

    /** Writes both networks of a model with these starting weights; returns the discriminator's folder. */
    public static Path write(Path temporary, long seed) throws IOException {
        Path export = temporary.resolve("export");
        try (Electra model = model(seed)) {
            HuggingFaceExport.write(
                    export, model, config(), tokenizer(temporary.resolve("tokenizer")), SEQUENCE_LENGTH);
        }
        return export.resolve(HuggingFaceExport.DISCRIMINATOR);
    }
}
