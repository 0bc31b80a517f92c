package dev.changeling.pretraining;

import static dev.changeling.pretraining.LittleRuns.config;
import static dev.changeling.pretraining.LittleRuns.losses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run writes down of itself while it trains. */
class RunNumbersTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    private Path folder;

    private LittleRuns runs;

    @BeforeEach
    void prepareData() throws IOException {
        runs = new LittleRuns(folder);
    }

    @Test
    void looksAtTheDynamicsWhenDueAndChangesNothingByIt() throws IOException {
        Path seen = folder.resolve("seen");
        Path unseen = folder.resolve("unseen");
        runs.start(config("metrics.dynamics_every=3"), seen, Long.MAX_VALUE);
        runs.start(config("metrics.dynamics_every=0"), unseen, Long.MAX_VALUE);
        for (String network : List.of("discriminator", "generator")) {
            assertThat(seen.resolve("model/" + network + "/model.safetensors"))
                    .hasSameBinaryContentAs(unseen.resolve("model/" + network + "/model.safetensors"));
        }
        List<String> dynamics = losses(seen).stream()
                .filter(line -> line.contains("update_ratio"))
                .toList();
        assertThat(losses(seen).stream()
                        .filter(line -> !dynamics.contains(line))
                        .toList())
                .isEqualTo(losses(unseen));
        assertThat(dynamics)
                .extracting(line -> JSON.readTree(line).get("step").intValue())
                .containsExactly(3, 6, 9, 12);
        JsonNode last = JSON.readTree(dynamics.get(3));
        assertThat(last.propertyNames())
                .contains(
                        "grad_norm.shared",
                        "grad_norm.shared.embeddings",
                        "grad_norm.generator",
                        "grad_norm.generator.layer.0",
                        "grad_norm.generator.head",
                        "grad_norm.discriminator",
                        "grad_norm.discriminator.layer.1",
                        "grad_norm.discriminator.head",
                        "embedding_grad_norm.generator",
                        "embedding_grad_norm.discriminator",
                        "embedding_grad_cosine",
                        "embedding_grad_angle",
                        "update_ratio.shared.embeddings",
                        "update_ratio.discriminator.layer.0",
                        "adam_weight.generator",
                        "adam_weight.discriminator",
                        "embedding_mean_cosine",
                        "embedding_isotropy");
        assertThat(last.properties())
                .allSatisfy(number -> assertThat(number.getValue().doubleValue())
                        .as(number.getKey())
                        .isFinite());
        assertThat(last.get("adam_weight.generator").doubleValue()
                        + last.get("adam_weight.discriminator").doubleValue())
                .isCloseTo(1, within(1e-9));
    }

    @Test
    void tellsTheSharesOfTheLossesAndTheScoresByBand() throws IOException {
        Path run = folder.resolve("run");
        runs.start(config(), run, Long.MAX_VALUE);
        JsonNode first = JSON.readTree(losses(run).get(0));
        double mlm = first.get("mlm_loss").doubleValue() * config().objective().mlmWeight();
        assertThat(first.get("mlm_share").doubleValue())
                .isCloseTo(mlm / first.get("loss").doubleValue(), within(1e-9));
        assertThat(first.get("rtd_share").doubleValue())
                .isCloseTo(1 - mlm / first.get("loss").doubleValue(), within(1e-9));
        assertThat(first.get("rtd_calibration_error").doubleValue()).isBetween(0.0, 1.0);
        JsonNode heldOut = JSON.readTree(losses(run).get(14));
        for (String name : List.of(
                "mlm_accuracy",
                "sampled_accuracy",
                "generator_entropy",
                "replaced_fraction",
                "rtd_accuracy",
                "rtd_recall",
                "rtd_false_alarm_rate",
                "rtd_auc",
                "rtd_calibration_error",
                "rtd_majority_loss")) {
            for (String part : List.of(".rank_1_100", ".quarter_1", ".quarter_4")) {
                assertThat(first.has(name + part)).as(name + part).isTrue();
                assertThat(heldOut.has("heldout_" + name + part))
                        .as(name + part)
                        .isTrue();
            }
            // The little language has no such words.
            assertThat(first.has(name + ".rank_over_10000")).as(name).isFalse();
        }
    }

    @Test
    void showsTheSameRowsCorruptedThroughTime() throws IOException {
        Path run = folder.resolve("run");
        runs.start(config(), run, Long.MAX_VALUE);
        List<JsonNode> lines = Files.readAllLines(run.resolve("samples.jsonl")).stream()
                .map(JSON::readTree)
                .toList();
        assertThat(lines).extracting(line -> line.get("step").intValue()).containsExactly(0, 1, 2, 5, 6, 10, 12);
        List<List<String>> written = new ArrayList<>();
        List<List<Double>> verdicts = new ArrayList<>();
        for (JsonNode line : lines) {
            assertThat(line.get("sequences").size()).isEqualTo(4);
            List<String> texts = new ArrayList<>();
            List<Double> all = new ArrayList<>();
            for (JsonNode sequence : line.get("sequences")) {
                int length = sequence.get("tokens").size();
                assertThat(length).isBetween(3, 32);
                assertThat(sequence.get("originals").size()).isEqualTo(length);
                assertThat(sequence.get("probabilities").size()).isEqualTo(length);
                assertThat(sequence.get("tokens").get(0).stringValue()).isEqualTo("[CLS]");
                int masked = 0;
                for (int i = 0; i < length; i++) {
                    JsonNode original = sequence.get("originals").get(i);
                    masked += original.isNull() ? 0 : 1;
                    String token = sequence.get("tokens").get(i).stringValue();
                    assertThat(token).isNotEqualTo("[MASK]").isNotEqualTo("[PAD]");
                    texts.add(original.isNull() ? token : original.stringValue());
                    all.add(sequence.get("probabilities").get(i).doubleValue());
                }
                assertThat(masked).isPositive();
            }
            written.add(texts);
            verdicts.add(all);
        }
        assertThat(written).containsOnly(written.get(0));
        // The learning rate of the first step is 0.
        assertThat(verdicts.get(1)).isEqualTo(verdicts.get(0));
        assertThat(verdicts.subList(1, verdicts.size()))
                .doesNotHaveDuplicates()
                .allSatisfy(all -> assertThat(all).allMatch(probability -> probability > 0 && probability < 1));
    }
}
