package dev.changeling.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PresetTest {

    @ParameterizedTest
    @ValueSource(strings = {"debug", "tiny", "quickstart", "small", "base", "large"})
    void presetsAreCompleteAndSurviveWriting(String name, @TempDir Path folder) throws Exception {
        RunConfig config = ConfigLoader.load(name, List.of());
        Path written = folder.resolve("config.yaml");
        Files.writeString(written, config.toYaml());

        RunConfig again = ConfigLoader.load(written);
        assertThat(again).isEqualTo(config);
        assertThat(again.toYaml()).isEqualTo(config.toYaml());
        assertThat(ConfigLoader.load(Path.of("configs", name + ".yaml"))).isEqualTo(config);
    }

    @Test
    void everyPresetFileIsKnownByName() throws Exception {
        try (var files = Files.list(Path.of("configs"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".yaml"))
                            .map(file -> file.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(ConfigLoader.presets());
        }
    }

    @Test
    void everySicknessIsAConfiguration() throws java.io.IOException {
        try (var files = Files.list(Path.of("configs/sicknesses"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSizeGreaterThan(3);
            for (Path file : all) {
                assertThat(ConfigLoader.load(file.toString(), List.of())
                                .training()
                                .steps())
                        .isPositive();
            }
        }
    }

    @Test
    void smallIsElectraSmallAsPublished() {
        RunConfig small = ConfigLoader.load("small", List.of());
        assertThat(small)
                .isEqualTo(new RunConfig(
                        new ModelConfig(
                                128,
                                512,
                                2,
                                .1,
                                .1,
                                1e-12,
                                new InitializationConfig(InitializationConfig.Scheme.STANDARD, .02, 32, .9),
                                new NetworkConfig(12, 256, 4, 1024),
                                new NetworkConfig(12, 64, 1, 256)),
                        ObjectiveConfig.published(),
                        new OptimizerConfig(5e-4, .9, .999, 1e-6, false, .01, 1),
                        new ScheduleConfig(ScheduleConfig.Shape.LINEAR, 10_000, .1, 0),
                        new TrainingConfig(
                                1_000_000, 42, 128, 8, TrainingConfig.Device.AUTO, TrainingConfig.Precision.FLOAT32, 0),
                        new EvaluationConfig(5000, 1024),
                        new CheckpointConfig(1000, 3, true),
                        new MetricsConfig(100, 1000, true)));
    }

    @Test
    void baseAndLargeDifferFromSmallAsPublished() {
        RunConfig small = ConfigLoader.load("small", List.of());
        assertThat(small.differencesFrom(ConfigLoader.load("base", List.of())))
                .extracting(difference -> difference.key() + " " + difference.right())
                .containsExactly(
                        "model.embedding_size 768",
                        "model.discriminator.hidden_size 768",
                        "model.discriminator.heads 12",
                        "model.discriminator.intermediate_size 3072",
                        "model.generator.hidden_size 256",
                        "model.generator.heads 4",
                        "model.generator.intermediate_size 1024",
                        "optimizer.learning_rate 2.0e-4",
                        "training.steps 766000",
                        "training.batch_size 256");
        assertThat(small.differencesFrom(ConfigLoader.load("large", List.of())))
                .extracting(difference -> difference.key() + " " + difference.right())
                .containsExactly(
                        "model.embedding_size 1024",
                        "model.discriminator.layers 24",
                        "model.discriminator.hidden_size 1024",
                        "model.discriminator.heads 16",
                        "model.discriminator.intermediate_size 4096",
                        "model.generator.layers 24",
                        "model.generator.hidden_size 256",
                        "model.generator.heads 4",
                        "model.generator.intermediate_size 1024",
                        "objective.masking.fraction 0.25",
                        "optimizer.learning_rate 2.0e-4",
                        "training.steps 400000",
                        "training.batch_size 2048");
    }

    @Test
    void debugHasDropoutOff() {
        ModelConfig model = ConfigLoader.load("debug", List.of()).model();
        assertThat(model.dropout()).isZero();
        assertThat(model.attentionDropout()).isZero();
    }
}
