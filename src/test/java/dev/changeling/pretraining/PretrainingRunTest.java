package dev.changeling.pretraining;

import static dev.changeling.pretraining.LittleRuns.config;
import static dev.changeling.pretraining.LittleRuns.losses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.error.InputException;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.shard.Dataset;
import dev.changeling.shard.ExampleFormat;
import dev.changeling.tensor.EngineReport;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.training.NonFiniteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PretrainingRunTest {
    @TempDir
    private Path folder;

    private LittleRuns runs;

    @BeforeEach
    void prepareData() throws IOException {
        runs = new LittleRuns(folder);
    }

    @Test
    void leavesARunFolderThatTellsEverything() throws IOException {
        Path run = folder.resolve("run");
        assertThat(runs.start(config(), run, Long.MAX_VALUE)).isTrue();
        assertThat(run.resolve("config.yaml")).content().contains("steps: 12");
        assertThat(run.resolve("provenance.json")).content().contains("dataset");
        assertThat(run.resolve("checkpoints/step-00000012")).isDirectory();
        assertThat(run.resolve("model/discriminator/model.safetensors")).isNotEmptyFile();
        assertThat(run.resolve("model/generator/config.json")).content().contains("ElectraForMaskedLM");
        List<String> lines = losses(run);
        assertThat(lines).hasSize(15);
        assertThat(lines.get(0)).contains("\"step\":1,", "\"mlm_loss\":", "\"rtd_majority_loss\":", "\"grad_norm\":");
        assertThat(lines.get(14)).contains("\"step\":12,", "\"heldout_rtd_auc\":");
        assertThat(runs.watcher.messages).anyMatch(message -> message.startsWith("held-out at step 12: "));
    }

    @Test
    void writesNoNumbersOfANetworkThatIsNotThere() throws IOException {
        for (String variant : List.of("bert", "uniform")) {
            Path run = folder.resolve(variant);
            RunConfig config = ConfigLoader.load(
                    "debug",
                    List.of(variant),
                    List.of("training.steps=2", "training.threads=1", "metrics.dynamics_every=1"));
            assertThat(runs.start(config, run, Long.MAX_VALUE)).isTrue();

            assertThat(run.resolve("metrics.jsonl"))
                    .content()
                    .contains("\"grad_norm.discriminator\":", "\"update_ratio.discriminator\":")
                    .doesNotContain("sampled_accuracy", "grad_norm.generator", "update_ratio.generator", "mlm_");
            assertThat(Files.readString(run.resolve("samples.jsonl")).isEmpty()).isEqualTo(variant.equals("bert"));
        }
    }

    @Test
    void refusesARunWhoseEncoderLearnsNothing() {
        Path run = folder.resolve("run");
        for (String more : List.of("objective.contrast_weight=0", "objective.contrast_weight=1")) {
            assertThatThrownBy(() -> runs.start(config("objective.rtd_weight=0", more), run, 99))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith("objective.rtd_weight is 0 and objective.correction_weight is too")
                    .hasMessageContaining("expected one of them above 0");
        }
        assertThat(run).doesNotExist();
    }

    /** A run that is killed between two checkpoints has scores of a later step than its weights. */
    @Test
    void aCardOfOlderWeightsHasOlderScores() throws IOException {
        Path run = folder.resolve("run");
        runs.start(config(), run, 7);
        Files.writeString(
                run.resolve("metrics.jsonl"),
                "{\"step\":9,\"heldout_loss\":1.0,\"heldout_mlm_loss\":1.0}\n",
                StandardOpenOption.APPEND);
        try (TrainedRun trained = TrainedRun.load(run)) {
            assertThat(Objects.requireNonNull(trained.cards().get("discriminator"))
                            .text())
                    .contains("Taken at step 6, ", "the networks here are those of step 7, which were not scored");
        }
    }

    @Test
    void theModelCardsSayWhatTheRunRecorded() throws IOException {
        Path run = folder.resolve("run");
        PretrainingReport heldOut;
        try (PretrainingRun training = PretrainingRun.start(config(), runs.data, run, List.of(), runs.watcher)) {
            training.train(() -> false);
            heldOut = Objects.requireNonNull(training.heldOut());
        }
        JsonNode start = JsonMapper.shared()
                .readTree(Files.readAllBytes(run.resolve("provenance.json")))
                .at("/starts/0");
        Dataset dataset = Dataset.open(runs.data);
        for (String network : List.of("discriminator", "generator")) {
            assertThat(run.resolve("model/" + network + "/README.md"))
                    .content()
                    .contains("| data set, SHA-256 of its `dataset.json` | `" + dataset.sha256() + "` |")
                    .contains("| tokenizer's fingerprint, SHA-256 | `" + dataset.tokenizerFingerprint() + "` |")
                    .contains("| to train on | " + dataset.trainRows() + " rows, "
                            + String.format(Locale.ROOT, "%,d", dataset.trainTokens()) + " tokens |")
                    .contains(", commit " + start.at("/commit").stringValue() + " |")
                    .contains("| JDK | " + start.at("/jdk").stringValue() + " |")
                    .contains("| steps | 12 of 12 |")
                    .contains(String.format(Locale.ROOT, "Taken at step 12, on %,d held-out tokens", heldOut.tokens()))
                    .contains(String.format(Locale.ROOT, "| MLM loss of the generator | %.4f |", heldOut.mlmLoss()))
                    .contains(String.format(Locale.ROOT, "| %.4f; 0.5 by chance |", heldOut.rtdAuc()));
        }
        try (TrainedRun trained = TrainedRun.load(run)) {
            assertThat(run.resolve("model/generator/README.md"))
                    .hasContent(Objects.requireNonNull(trained.cards().get("generator"))
                            .text());
        }
    }

    @Test
    void aTrainedRunScoresWhatTrainingScored() throws IOException {
        Path folderOfRun = folder.resolve("run");
        PretrainingReport atTheEnd;
        try (PretrainingRun run = PretrainingRun.start(config(), runs.data, folderOfRun, List.of(), runs.watcher)) {
            run.train(() -> false);
            atTheEnd = run.heldOut();
        }
        try (TrainedRun trained = TrainedRun.load(folderOfRun)) {
            assertThat(trained.step()).isEqualTo(12);
            List<Long> told = new ArrayList<>();
            Dataset dataset = Dataset.open(runs.data);
            assertThat(trained.evaluate(dataset, config().evaluation().rows(), (rows, all) -> {
                        told.add(rows);
                        assertThat(all)
                                .isEqualTo(Math.min(
                                        config().evaluation().rows() == 0
                                                ? Long.MAX_VALUE
                                                : config().evaluation().rows(),
                                        dataset.heldOutRows()));
                    }))
                    .isEqualTo(atTheEnd);
            assertThat(told).isSorted().startsWith(0L);
        }
    }

    @Test
    void aTrainedRunRefusesTokensOfAnotherTokenizer() throws IOException {
        Path folderOfRun = folder.resolve("run");
        runs.start(config("training.steps=1"), folderOfRun, 1);
        Path other = folder.resolve("other");
        runs.prepare(other, BertNormalization.CASED);
        Dataset sameSize = Dataset.open(other);
        try (TrainedRun trained = TrainedRun.load(folderOfRun)) {
            assertThatThrownBy(() -> trained.evaluate(sameSize, 1, (rows, all) -> {}))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("trained with another tokenizer");
        }
    }

    @Test
    void aStoppedAndResumedRunGivesTheSameNumbersToTheLastBit() throws IOException {
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        runs.start(config(), whole, Long.MAX_VALUE);
        runs.watcher.lastStep = 0;
        assertThat(runs.start(config(), stopped, 7)).isFalse();
        assertThat(stopped.resolve("model")).doesNotExist();
        Files.writeString(
                stopped.resolve("samples.jsonl"), "{\"step\":9,\"sequences\":[]}\n", StandardOpenOption.APPEND);
        assertThat(runs.resume(config(), stopped)).isTrue();
        assertThat(runs.watcher.messages).contains("resuming from step 7");
        assertThat(stopped.resolve("samples.jsonl")).hasSameTextualContentAs(whole.resolve("samples.jsonl"));
        assertThat(losses(stopped)).isEqualTo(losses(whole));
        assertThat(Files.readAllBytes(stopped.resolve("model/discriminator/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("model/discriminator/model.safetensors")));
    }

    @Test
    void resumingAFinishedRunKeepsACardThatSomebodyHasEdited() throws IOException {
        Path run = folder.resolve("run");
        runs.start(config(), run, Long.MAX_VALUE);
        assertThat(runs.resume(config(), run)).isTrue();
        Path card = run.resolve("model/generator/README.md");
        Files.writeString(card, "license: mine\n");

        assertThat(runs.resume(config(), run)).isTrue();

        assertThat(card).hasContent("license: mine\n");
        assertThat(runs.watcher.messages)
                .endsWith(card + ": edited since it was written, so the networks are left as they are");
    }

    @Test
    void recordsTheThreadsThatTheEngineTookAndWarnsOfOthers() throws IOException {
        Path run = folder.resolve("run");
        runs.start(config("training.threads=0"), run, 2);
        Path provenance = run.resolve("provenance.json");
        int threads = JsonMapper.shared()
                .readTree(Files.readAllBytes(provenance))
                .at("/starts/0/threads")
                .intValue();
        assertThat(threads).isPositive();
        // As if it had been started on a machine with more of them.
        String elsewhere = Files.readString(provenance).replace("\"threads\" : " + threads, "\"threads\" : 999");
        Files.writeString(provenance, elsewhere);
        runs.resume(config("training.threads=0"), run);
        assertThat(runs.watcher.messages)
                .anyMatch(message ->
                        message.startsWith(run + ": the engine's number of threads is " + threads + ", was 999: "));
    }

    @Test
    void passesOverADamagedCheckpointAndSaysSo() throws IOException {
        Path whole = folder.resolve("whole");
        Path damaged = folder.resolve("damaged");
        runs.start(config(), whole, Long.MAX_VALUE);
        runs.watcher.lastStep = 0;
        runs.start(config(), damaged, 9);
        Path newest = damaged.resolve("checkpoints/step-00000009");
        try (var files = Files.list(newest)) {
            Path tensors = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(tensors);
            bytes[bytes.length / 2] ^= 1;
            Files.write(tensors, bytes);
        }
        runs.resume(config(), damaged);
        assertThat(runs.watcher.messages).contains("resuming from step 8");
        assertThat(runs.watcher.messages).anyMatch(message -> message.startsWith("passed over a damaged checkpoint"));
        assertThat(losses(damaged)).isEqualTo(losses(whole));
    }

    @Test
    void doesNotBeginAnewOverARunWhoseCheckpointsAreAllDamaged() throws IOException {
        Path run = folder.resolve("run");
        runs.start(config(), run, 6);
        List<String> before = losses(run);
        try (var checkpoints = Files.list(run.resolve("checkpoints"))) {
            for (Path checkpoint : checkpoints.toList()) {
                Files.delete(checkpoint.resolve("DONE"));
            }
        }
        assertThatThrownBy(() -> runs.resume(config(), run))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(run + ": all of its checkpoints are damaged");
        assertThat(losses(run)).isEqualTo(before).isNotEmpty();
    }

    @Test
    void keepsNoRuinedWeights() throws IOException {
        Path run = folder.resolve("run");
        // One step that throws the weights out of range; no later step would notice.
        RunConfig ruinous = config("training.steps=1", "schedule.warmup_steps=0", "optimizer.learning_rate=1e38");
        assertThatThrownBy(() -> runs.start(ruinous, run, Long.MAX_VALUE))
                .isInstanceOf(NonFiniteException.class)
                .hasMessageStartingWith("step 0: ");
        assertThat(run.resolve("checkpoints")).doesNotExist();
        assertThat(run.resolve("model")).doesNotExist();
    }

    @Test
    void refusesADataSetWhoseTokenizerWasAltered() throws IOException {
        Path run = folder.resolve("run");
        Path tokenizer = runs.data.resolve("tokenizer/tokenizer.json");
        String altered = Files.readString(tokenizer).replace("\"lowercase\" : true", "\"lowercase\" : false");
        Files.writeString(tokenizer, altered);
        assertThatThrownBy(() -> runs.start(config(), run, 1))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(runs.data.resolve("tokenizer") + ": ");
        Files.delete(tokenizer);
        Files.delete(runs.data.resolve("tokenizer/vocab.txt"));
        assertThatThrownBy(() -> runs.start(config(), run, 1)).isInstanceOf(InputException.class);
        assertThat(run).doesNotExist();
    }

    @Test
    void leavesNoRunFolderIfTheEngineCantDoWhatIsAsked() {
        assumeThat(EngineReport.read().devices()).containsExactly("cpu");
        Path run = folder.resolve("run");
        assertThatThrownBy(() -> runs.start(config("training.device=cuda"), run, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("training.device");
        assertThat(run).doesNotExist();
    }

    @Test
    void refusesAConfigurationThatDoesNotFit() throws IOException {
        Path run = folder.resolve("run");
        assertThatThrownBy(() -> runs.start(config("model.max_positions=16"), run, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("rows of 32 tokens, but model.max_positions is 16");
        assertThat(run).doesNotExist();
        runs.start(config(), run, 2);
        assertThatThrownBy(() -> runs.resume(config("objective.rtd_weight=20"), run))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("objective.rtd_weight");
        assertThatThrownBy(() -> runs.start(config(), run, 1)).hasMessageContaining("already holds a run");
    }

    @Test
    void refusesTwoSegmentsForANetworkThatKnowsOne() throws IOException {
        Path segments = folder.resolve("segments");
        runs.prepare(segments, BertNormalization.UNCASED, ExampleFormat.SEGMENTS);
        Path run = folder.resolve("run");

        assertThatThrownBy(() -> PretrainingRun.start(
                        config("model.segment_types=1"), segments, run, List.of("pretrain"), runs.watcher))
                .isInstanceOf(InputException.class)
                .hasMessage(segments + ": holds sequences of 2 segments, but model.segment_types is 1");
        assertThat(run).doesNotExist();

        // Of packed rows, every sequence is one segment.
        try (PretrainingRun packed = PretrainingRun.start(
                config("model.segment_types=1"), runs.data, run, List.of("pretrain"), runs.watcher)) {
            assertThat(packed.dataset().trainRows()).isPositive();
        }
    }

    @Test
    void aModelThatDoesNotFitIntoMemoryLeavesNoRunFolder() {
        Path run = folder.resolve("run");
        RunConfig vast = config("model.max_positions=2147483647", "model.embedding_size=100000000");

        assertThatThrownBy(() -> PretrainingRun.start(vast, runs.data, run, List.of("pretrain"), runs.watcher))
                .isInstanceOf(RuntimeException.class);

        assertThat(run).doesNotExist();
    }
}
