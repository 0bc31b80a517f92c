package dev.changeling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    private Path file = Path.of("unset");

    @BeforeEach
    void nameTheFile(@TempDir Path folder) {
        file = folder.resolve("my.yaml");
    }

    @Test
    void laterLayersWin() throws IOException {
        write("preset: small\ntraining:\n  steps: 500\n  seed: 3\nmodel:\n  initialization:\n    scheme: local\n");

        RunConfig config = ConfigLoader.load(
                file.toString(), List.of("training.steps=7", "training.steps = 8", "optimizer.learning_rate=1e-3"));

        assertThat(ConfigLoader.load("small", List.of()).differencesFrom(config))
                .containsExactly(
                        new ConfigDifference("model.initialization.scheme", "standard", "local"),
                        new ConfigDifference("optimizer.learning_rate", "5.0e-4", "0.001"),
                        new ConfigDifference("training.steps", "1000000", "8"),
                        new ConfigDifference("training.seed", "42", "3"));
    }

    @Test
    void theTextOfAConfigurationIsComplete() {
        String yaml = ConfigLoader.load("debug", List.of()).toYaml();
        assertThat(yaml)
                .startsWith("model:\n  embedding_size: 64\n")
                .contains("\n  initialization:\n    scheme: standard\n")
                .contains("\n  discriminator:\n    layers: 2\n")
                .contains("\nobjective:\n  masking:\n    fraction: 0.15\n")
                .contains("  layer_norm_epsilon: 1.0e-12\n")
                .endsWith("\nmetrics:\n  every: 1\n  dynamics_every: 20\n  tensorboard: true\n");
    }

    @Test
    void anyNumberSurvivesWriting() {
        double[] numbers = {1e-300, 0.1 + 0.2, 1.0 / 3, 2e22, Double.MIN_VALUE, 9_999_999, 1e7, 0.001, 0.0009, 123.456};
        for (double number : numbers) {
            String written = ConfigText.scalar(number);
            assertThat(Double.parseDouble(written)).isEqualTo(number);
            assertThat(written).contains(".");
        }
        assertThat(ConfigText.scalar(2e22)).isEqualTo("2.0e22");
        assertThat(ConfigText.scalar(0.0)).isEqualTo("0.0");
        assertThat(ConfigText.scalar(0.25)).isEqualTo("0.25");
    }

    @Test
    void theTextChangesWithAnyValue() {
        String text = ConfigLoader.load("debug", List.of()).toYaml();
        assertThat(ConfigLoader.load("debug", List.of("metrics.every=2")).toYaml())
                .isNotEqualTo(text);
    }

    @Test
    void anUnknownKeyIsNamedWithItsPlaceAndTheNearestKey() throws IOException {
        write("preset: tiny\ntraining:\n  stesp: 5\n");
        assertRefused(file + ":3:10: unknown key training.stesp; did you mean training.steps?");
        write("preset: tiny\nsteps: 5\n");
        assertRefused(file + ":2:8: unknown key steps; did you mean training.steps?");
        write("preset: tiny\nzebra: 5\n");
        assertRefused(file + ":2:8: unknown key zebra");
        assertOverrideRefused(
                "model.droput=0.1", "--set model.droput=0.1: unknown key model.droput; did you mean model.dropout?");
    }

    @Test
    void aMissingKeyIsNamed() throws IOException {
        String complete = ConfigLoader.load("debug", List.of()).toYaml();
        write(complete.replaceFirst("  seed: 42\n", ""));
        assertRefused(file + ": missing key training.seed; a file that starts with 'preset: NAME' needs only the keys"
                + " that differ");
        write("");
        assertThatThrownBy(this::load).hasMessageContaining("missing keys model.embedding_size, model.sharing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "training.steps=abc | 'abc', expected an integer up to 2147483647",
                "training.steps='5' | '5', expected an integer up to 2147483647",
                "training.steps=100.0 | '100.0', expected an integer up to 2147483647",
                "training.steps=1e3 | '1e3', expected an integer up to 2147483647",
                "training.steps=3000000000 | '3000000000', expected an integer up to 2147483647",
                "training.steps=true | 'true', expected an integer up to 2147483647",
                "training.steps= | empty, expected an integer up to 2147483647",
                "training.seed=99999999999999999999 | '99999999999999999999', expected an integer of 64 bits",
                "model.dropout=.nan | '.nan', expected a number, such as 0.15 or 1e-6",
                "model.dropout=1e999 | '1e999', expected a number, such as 0.15 or 1e-6",
                "model.dropout='0.1' | '0.1', expected a number, such as 0.15 or 1e-6",
                "metrics.tensorboard=1 | '1', expected true or false",
                "metrics.tensorboard=yes | 'yes', expected true or false",
                "training.device=gpu | 'gpu', expected auto or cpu or cuda",
                "schedule.shape=COSINE | 'COSINE', expected linear or cosine or warmup_stable_decay"
            })
    void aValueOfAnotherTypeIsRefused(String override, String message) {
        String key = override.substring(0, override.indexOf('='));
        assertOverrideRefused(override, "--set " + override + ": " + key + " is " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "training.steps=0 | 0, expected at least 1",
                "training.batch_size=0 | 0, expected at least 1",
                "training.device_batch_size=3 | 3, expected a divisor of training.batch_size, 16",
                "training.threads=-1 | -1, expected at least 0 and at most 1024",
                "model.max_positions=0 | 0, expected at least 1",
                "model.dropout=1 | 1.0, expected at least 0 and below 1",
                "model.layer_norm_epsilon=0 | 0.0, expected above 0",
                "model.discriminator.heads=3 | 3, expected a divisor of hidden_size, 128",
                "model.generator.layers=0 | 0, expected at least 1",
                "model.initialization.position_dimensions=31 | 31, expected an even number",
                "model.initialization.position_dimensions=256 | 256, expected at most model.embedding_size, 128, where the scheme is local",
                "model.initialization.position_dimensions=128 | 128, expected at most model.generator.hidden_size, 64, where the scheme is local",
                "objective.masking.fraction=0 | 0.0, expected above 0 and below 1",
                "objective.masking.fraction=1 | 1.0, expected above 0 and below 1",
                "objective.masking.random_token_fraction=0.2 | 0.2, expected at most 1 together with objective.masking.mask_token_fraction, 0.85",
                "objective.sampling.temperature=0 | 0.0, expected above 0",
                "objective.sampling.mixture_temperature=0 | 0.0, expected above 0",
                "objective.mixture_weight=1 | 1.0, expected 0 where the generator has one head (model.generator_heads)",
                "model.generator_heads=0 | 0, expected at least 1",
                "model.generator_heads=3 | 3, expected at most model.generator.layers, 2",
                "objective.rtd_weight=-1 | -1.0, expected at least 0",
                "optimizer.learning_rate=0 | 0.0, expected above 0",
                "optimizer.beta2=1 | 1.0, expected at least 0 and below 1",
                "schedule.decay_fraction=1.5 | 1.5, expected at least 0 and at most 1",
                "checkpoint.keep=0 | 0, expected at least 1",
                "metrics.every=0 | 0, expected at least 1"
            })
    void aValueOutOfItsRangeIsRefused(String override, String message) {
        String key = override.substring(0, override.indexOf('='));
        assertOverrideRefused(override, "--set " + override + ": " + key + " is " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "optimizer.update=apart | objective.mixture_weight is 1.0, expected 0 where the networks learn in passes of their own",
                "objective.rtd_balance=1 | objective.mixture_weight is 1.0, expected 0 where the networks learn in passes of their own",
                "objective.rtd_weight=0 | objective.mixture_weight is 1.0, expected 0 where nothing is detected",
                "model.sharing=all | objective.mixture_weight is 1.0, expected 0 where the networks share everything",
                "model.generator_heads=1 | objective.mixture_weight is 1.0, expected 0 where the generator has one head",
                "objective.adversarial_weight=1 | objective.adversarial_weight is 1.0, expected 0 where the generator has several heads",
                "model.generator.layers=1 | model.generator_heads is 2, expected at most model.generator.layers, 1"
            })
    void aMixtureOfHeadsThatCannotLearnIsRefused(String override, String message) {
        List<String> sameShapes = List.of(
                "model.generator.layers=2",
                "model.generator.hidden_size=64",
                "model.generator.heads=2",
                "model.generator.intermediate_size=256",
                override);
        assertThatThrownBy(() -> ConfigLoader.load("debug", List.of("amos"), sameShapes))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
        assertThat(ConfigLoader.load("debug", List.of("amos"), sameShapes.subList(0, 4))
                        .model()
                        .generatorHeads())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "two-stage,fast-electra | objective.stages.generator_frozen_from is 0.0, expected at least objective.stages.generator_alone, 0.5",
                "uniform,adversarial | objective.adversarial_weight is 1.0, expected 0 where no replacement is the generator's",
                "unigram,balanced | objective.rtd_balance is 1.0, expected 0 where the generator does not learn by likelihood alone",
                "adversarial,balanced | objective.rtd_balance is 1.0, expected 0 where the generator does not learn by likelihood alone",
                "unigram,amos | objective.mixture_weight is 1.0, expected 0 where the heads that are mixed don't learn (objective.mlm_weight is 0)",
                "coco-lm | training.device_batch_size is 1, expected 2 or more where sequences are told from those beside them",
                "full-sharing | model.sharing is all, expected something else where generator and discriminator differ in shape: model.generator's"
            })
    void variantsThatContradictEachOtherAreRefused(String variants, String message) {
        List<String> overrides = variants.equals("coco-lm")
                ? List.of("training.batch_size=4", "training.device_batch_size=1")
                : List.of("model.generator.layers=2");
        assertThatThrownBy(() -> ConfigLoader.load("tiny", List.of(variants.split(",")), overrides))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aRangeErrorNamesTheLineOfTheFile() throws IOException {
        write("preset: tiny\n\ntraining:\n  batch_size: 12\n  device_batch_size: 5\n");
        assertRefused(file + ":5:22: training.device_batch_size is 5, expected a divisor of training.batch_size, 12");
    }

    @Test
    void aFaultOfTheFileIsTheFilesWhateverElseIsOverridden() throws IOException {
        write("preset: tiny\nmodel:\n  discriminator:\n    heads: 7\n");
        String message = file + ":4:12: model.discriminator.heads is 7, expected a divisor of hidden_size, ";

        assertThatThrownBy(() -> load("training.steps=5"))
                .isExactlyInstanceOf(InputException.class)
                .hasMessage(message + 128);
        assertThatThrownBy(() -> load("model.discriminator.hidden_size=256"))
                .isExactlyInstanceOf(InputException.class)
                .hasMessage(message + 256);
        assertThatThrownBy(() -> load("model.discriminator.heads=5")).isExactlyInstanceOf(UsageException.class);
        assertThatThrownBy(() -> load("training.steps=0")).isExactlyInstanceOf(UsageException.class);
    }

    @Test
    void whatAnOverrideMakesOfTheFilesNumbersIsTheOverridesFault() throws IOException {
        write("preset: tiny\nmodel:\n  discriminator:\n    heads: 4\n");

        assertThatThrownBy(() -> load("model.discriminator.hidden_size=129"))
                .isExactlyInstanceOf(UsageException.class)
                .hasMessage(file + ":4:12: model.discriminator.heads is 4, expected a divisor of hidden_size, 129");
    }

    @Test
    void aFileThatAnOverrideCompletesIsStillAtFaultForItsOwnNumbers() throws IOException {
        write(ConfigLoader.load("tiny", List.of())
                .toYaml()
                .replaceFirst("  seed: 42\n", "")
                .replaceFirst("    heads: \\d+\n", "    heads: 7\n"));

        assertThatThrownBy(() -> load("training.seed=5")).isExactlyInstanceOf(InputException.class);
    }

    @Test
    void aConfigurationMadeInCodeCanBeChecked() {
        RunConfig config = ConfigLoader.load("debug", List.of());
        assertThat(config.validated()).isSameAs(config);
        RunConfig broken = new RunConfig(
                config.model(),
                config.objective(),
                config.optimizer(),
                config.schedule(),
                config.training(),
                config.evaluation(),
                new CheckpointConfig(1, 0, false),
                config.metrics());
        assertThatThrownBy(broken::validated)
                .isInstanceOf(InputException.class)
                .hasMessage("checkpoint.keep is 0, expected at least 1");
    }

    @Test
    void whatIsNotAPlainConfigurationIsRefused() throws IOException {
        write("preset: tiny\ntraining:\n  steps: 1\n  steps: 2\n");
        assertRefused(file + ":4:10: training.steps is written twice");
        write("preset: tiny\ntraining:\n  steps: 1\ntraining:\n  seed: 2\n");
        assertThatThrownBy(this::load).hasMessageEndingWith("training is written twice");
        write("preset: tiny\ntraining.steps: 2\n");
        assertThatThrownBy(this::load).hasMessageContaining("key training.steps has a dot");
        write("preset: tiny\ntraining: 2\n");
        assertRefused(file + ":2:11: training is a section, expected keys inside it");
        write("preset: tiny\ntraining:\n  steps: [1]\n");
        assertThatThrownBy(this::load).hasMessageContaining("training.steps is a list");
        write("preset: tiny\ntraining:\n  steps: {a: 1}\n");
        assertThatThrownBy(this::load).hasMessageContaining("unknown key training.steps.a");
        write("- 1\n");
        assertThatThrownBy(this::load).hasMessageContaining("expected 'key: value' lines");
        write("preset: tiny\n---\npreset: small\n");
        assertThatThrownBy(this::load).hasMessageContaining("a second YAML document");
        write("preset: huge\n");
        assertRefused(file + ":1:9: unknown preset huge, expected one of debug, tiny, quickstart, small, base, large");
        write("preset: tiny\ntraining: }\n");
        assertThatThrownBy(this::load)
                .isInstanceOf(InputException.class)
                .hasMessageMatching(".*my.yaml:2:.*: not YAML: [^\n]*");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatThrownBy(this::load).hasMessageContaining("not UTF-8");
    }

    @Test
    void anAbsentFileIsNamedAndThePresetsOffered() {
        assertThatThrownBy(() -> ConfigLoader.load("configs/tinny.yaml", List.of()))
                .isInstanceOf(InputException.class)
                .hasMessage("configs/tinny.yaml: no such file; presets go by their name alone: debug, tiny, quickstart,"
                        + " small, base, large");
    }

    @Test
    void anOverrideNeedsAKeyAndOneValue() {
        assertOverrideRefused(
                "training.steps", "--set training.steps: expected key=value, for example training.steps=100");
        assertOverrideRefused("=5", "--set =5: expected key=value, for example training.steps=100");
        assertOverrideRefused("training.steps=[1]", "--set training.steps=[1]: expected one value after '='");
    }

    @Test
    void distanceCountsChangedLetters() {
        assertThat(ConfigKeys.editDistance("kitten", "sitting")).isEqualTo(3);
        assertThat(ConfigKeys.editDistance("", "abc")).isEqualTo(3);
        assertThat(ConfigKeys.editDistance("abc", "abc")).isZero();
    }

    private void write(String yaml) throws IOException {
        Files.writeString(file, yaml);
    }

    private RunConfig load(String... overrides) {
        return ConfigLoader.load(file.toString(), List.of(overrides));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(this::load).isInstanceOf(InputException.class).hasMessage(message);
    }

    private static void assertOverrideRefused(String override, String message) {
        assertThatThrownBy(() -> ConfigLoader.load("tiny", List.of(override)))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }
}
