package dev.changeling.pretraining;

import static dev.changeling.pretraining.LittleRuns.losses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.model.Head;
import dev.changeling.model.TransformerEncoder;
import dev.changeling.objective.JointObjective;
import dev.changeling.shard.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs of every member of the family, from shards to the networks' folders. */
class FamilyOfRunsTest {
    @TempDir
    private Path folder;

    private LittleRuns runs;

    @BeforeEach
    void prepareData() throws IOException {
        runs = new LittleRuns(folder);
    }

    static List<String> variants() {
        return ConfigLoader.variants();
    }

    /** Returns the networks that learn; of {@code fast-electra} the generator is one that was trained before. */
    private static List<String> networks(String variant) {
        return List.of("bert", "unigram", "uniform", "fast-electra").contains(variant)
                ? List.of("discriminator")
                : List.of("discriminator", "generator");
    }

    private static RunConfig config(String variant) {
        List<String> settings = new ArrayList<>(List.of(
                "training.steps=8",
                "training.threads=1",
                "checkpoint.every=3",
                "evaluation.every=4",
                "metrics.every=2",
                "metrics.dynamics_every=5",
                "model.dropout=0.1",
                "model.attention_dropout=0.1"));
        if (variant.equals("full-sharing")) {
            settings.addAll(List.of(
                    "model.generator.hidden_size=64",
                    "model.generator.heads=2",
                    "model.generator.intermediate_size=256"));
        }
        return ConfigLoader.load("debug", List.of(variant), settings);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void aStoppedAndResumedRunGivesTheSameNumbersToTheLastBit(String variant) throws IOException {
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        assertThat(runs.start(config(variant), whole, Long.MAX_VALUE)).isTrue();
        runs.watcher.lastStep = 0;
        assertThat(runs.start(config(variant), stopped, 4)).isFalse();
        assertThat(runs.resume(config(variant), stopped)).isTrue();
        assertThat(losses(stopped)).isEqualTo(losses(whole));
        for (String network : networks(variant)) {
            assertThat(Files.readAllBytes(
                            stopped.resolve("model").resolve(network).resolve("model.safetensors")))
                    .isEqualTo(Files.readAllBytes(
                            whole.resolve("model").resolve(network).resolve("model.safetensors")));
        }
    }

    @Test
    void severalHeadsTellTheirPartsInTheMixture() throws IOException {
        Path run = folder.resolve("run");
        assertThat(runs.start(config("amos"), run, Long.MAX_VALUE)).isTrue();
        List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
        for (String prefix : List.of("", "heldout_")) {
            List<JsonNode> told = lines.stream()
                    .map(JsonMapper.shared()::readTree)
                    .filter(line -> line.has(prefix + "mlm_loss"))
                    .toList();
            assertThat(told).isNotEmpty().allSatisfy(line -> {
                double first = line.required(prefix + "head_part.0").doubleValue();
                double second = line.required(prefix + "head_part.1").doubleValue();
                assertThat(first).isBetween(0.01, 0.99);
                assertThat(first + second).isCloseTo(1, within(1e-5));
                assertThat(line.has(prefix + "head_part.2")).isFalse();
            });
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void heldOutScoresTellHowManyDirectionsTheEncoderUses(String variant) throws IOException {
        Path run = folder.resolve("run");
        assertThat(runs.start(config(variant), run, Long.MAX_VALUE)).isTrue();
        int width = config(variant).model().discriminator().hiddenSize();
        List<JsonNode> told = Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(JsonMapper.shared()::readTree)
                .filter(line -> line.has("heldout_state_effective_rank"))
                .toList();
        assertThat(told).isNotEmpty().allSatisfy(line -> {
            assertThat(line.required("heldout_state_effective_rank").doubleValue())
                    .isBetween(1.0, (double) width);
            assertThat(line.required("heldout_state_mean_cosine").doubleValue()).isBetween(-1.0, 1.0);
        });
    }

    @ParameterizedTest
    @MethodSource("variants")
    void theNetworksAreAsHuggingFaceKnowsThem(String variant) throws IOException {
        Path run = folder.resolve("run");
        assertThat(runs.start(config(variant), run, Long.MAX_VALUE)).isTrue();
        boolean detects = JointObjective.heads(config(variant).objective()).contains(Head.REPLACED_TOKENS);
        Path discriminator = run.resolve("model/discriminator");
        assertThat(HuggingFaceImport.isDiscriminator(discriminator)).isEqualTo(detects);
        assertThat(discriminator.resolve("config.json"))
                .content()
                .contains(detects ? "ElectraForPreTraining" : "ElectraForMaskedLM");
        assertThat(run.resolve("model").toFile().list()).containsExactlyInAnyOrderElementsOf(networks(variant));
        assertThat(discriminator.resolve("README.md")).content().contains("# ELECTRA discriminator");
        for (String network : networks(variant)) {
            try (var opened =
                    HuggingFaceImport.readEncoder(run.resolve("model").resolve(network), TestConfigs.engine())) {
                assertThat(opened.model().network()).isInstanceOf(TransformerEncoder.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void aTrainedRunScoresWhatTrainingScored(String variant) throws IOException {
        Path run = folder.resolve("run");
        PretrainingReport atTheEnd;
        try (PretrainingRun training =
                PretrainingRun.start(config(variant), runs.data, run, List.of("pretrain"), runs.watcher)) {
            training.train(() -> false);
            atTheEnd = java.util.Objects.requireNonNull(training.heldOut());
        }
        try (TrainedRun trained = TrainedRun.load(run)) {
            PretrainingReport again = trained.evaluate(
                    Dataset.open(runs.data), config(variant).evaluation().rows(), (rows, all) -> {});
            assertThat(again.losses()).hasSameSizeAs(atTheEnd.losses());
            assertThat(again.loss()).isCloseTo(atTheEnd.loss(), within(1e-5 * Math.abs(atTheEnd.loss()) + 1e-6));
        }
    }
}
