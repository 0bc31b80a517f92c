package dev.changeling.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.error.InputException;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.metrics.Metrics;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.shard.Dataset;
import dev.changeling.shard.ExampleFormat;
import dev.changeling.shard.Prepare;
import dev.changeling.shard.PrepareOptions;
import dev.changeling.tensor.EngineReport;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.Vocabulary;
import dev.changeling.tokenizer.VocabularyProgress;
import dev.changeling.tokenizer.VocabularySettings;
import dev.changeling.tokenizer.VocabularyTrainer;
import dev.changeling.tokenizer.WordPieceTokenizer;
import dev.changeling.training.NonFiniteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PretrainingRunTest {
    private static final VocabularyProgress SILENT = new VocabularyProgress() {
        @Override
        public void counted(long documents, long words) {}

        @Override
        public void merged(int tokens, int size) {}
    };

    @TempDir
    private Path folder;

    private Path data;
    private List<Path> initFrom = List.of();
    private final Watcher watcher = new Watcher();

    /** Keeps what a run tells. */
    private static final class Watcher implements RunObserver {
        private final List<String> messages = new ArrayList<>();
        private long lastStep;

        @Override
        public void progress(Metrics metrics) {
            lastStep = metrics.step();
        }

        @Override
        public void message(String line) {
            messages.add(line);
        }
    }

    /** Sentences of a little language. */
    private static final class Sentences implements DocumentReader {
        private static final List<String> WORDS =
                List.of("the", "a", "cat", "dog", "bird", "sees", "hears", "likes", "old", "small", "green", "house");
        private int next;

        @Override
        public @Nullable Document next() {
            if (next == 300) {
                return null;
            }
            RandomStream random = RandomStream.of(5, Purpose.ORDER, next++);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 12; i++) {
                text.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
            }
            return new Document("sentences", next, text + ".");
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void prepareData() throws IOException {
        data = folder.resolve("data");
        prepare(data, BertNormalization.UNCASED);
    }

    private void prepare(Path out, BertNormalization normalization) throws IOException {
        prepare(out, normalization, ExampleFormat.PACKED);
    }

    private void prepare(Path out, BertNormalization normalization, ExampleFormat format) throws IOException {
        Vocabulary vocabulary = new VocabularyTrainer(VocabularySettings.of(60, BertNormalization.UNCASED), SILENT)
                .train(new Sentences(), 1);
        Path tokenizer = folder.resolve("tokenizer");
        TokenizerFiles.write(tokenizer, vocabulary, normalization, 32);
        Prepare.run(
                new Sentences(),
                new WordPieceTokenizer(vocabulary, normalization),
                tokenizer.resolve("vocab.txt"),
                new PrepareOptions(32, format, 0.1, 1, 1 << 20),
                1,
                out,
                progress -> {});
    }

    private static RunConfig config(String... overrides) {
        List<String> all = new ArrayList<>(List.of(
                "training.steps=12",
                "training.threads=1",
                "checkpoint.every=4",
                "evaluation.every=6",
                "model.dropout=0.1",
                "model.attention_dropout=0.1"));
        all.addAll(List.of(overrides));
        return ConfigLoader.load("debug", all);
    }

    private boolean start(RunConfig config, Path out, long stopAfter) throws IOException {
        try (PretrainingRun run = PretrainingRun.start(config, data, out, initFrom, List.of("pretrain"), watcher)) {
            return run.train(() -> watcher.lastStep >= stopAfter);
        }
    }

    private boolean resume(RunConfig config, Path out) throws IOException {
        try (PretrainingRun run = PretrainingRun.resume(config, data, out, initFrom, List.of("pretrain"), watcher)) {
            return run.train(() -> false);
        }
    }

    private static List<String> losses(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line ->
                        line.replaceAll(",\"(tokens_per_second|elapsed_seconds|eta_seconds|rss_bytes)\":[^,}]*", ""))
                .toList();
    }

    @Test
    void leavesARunFolderThatTellsEverything() throws IOException {
        Path run = folder.resolve("run");
        assertThat(start(config(), run, Long.MAX_VALUE)).isTrue();
        assertThat(run.resolve("config.yaml")).content().contains("steps: 12");
        assertThat(run.resolve("provenance.json")).content().contains("dataset");
        assertThat(run.resolve("checkpoints/step-00000012")).isDirectory();
        assertThat(run.resolve("model/discriminator/model.safetensors")).isNotEmptyFile();
        assertThat(run.resolve("model/generator/config.json")).content().contains("ElectraForMaskedLM");
        List<String> lines = losses(run);
        assertThat(lines).hasSize(14);
        assertThat(lines.get(0)).contains("\"step\":1,", "\"mlm_loss\":", "\"rtd_majority_loss\":", "\"grad_norm\":");
        assertThat(lines.get(13)).contains("\"step\":12,", "\"heldout_rtd_auc\":");
        assertThat(watcher.messages).anyMatch(message -> message.startsWith("held-out at step 12: "));
    }

    /** A run that is killed between two checkpoints has scores of a later step than its weights. */
    @Test
    void aCardOfOlderWeightsHasOlderScores() throws IOException {
        Path run = folder.resolve("run");
        start(config(), run, 7);
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
        try (PretrainingRun training = PretrainingRun.start(config(), data, run, List.of(), watcher)) {
            training.train(() -> false);
            heldOut = Objects.requireNonNull(training.heldOut());
        }
        JsonNode start = JsonMapper.shared()
                .readTree(Files.readAllBytes(run.resolve("provenance.json")))
                .at("/starts/0");
        Dataset dataset = Dataset.open(data);
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
        try (PretrainingRun run = PretrainingRun.start(config(), data, folderOfRun, List.of(), watcher)) {
            run.train(() -> false);
            atTheEnd = run.heldOut();
        }
        try (TrainedRun trained = TrainedRun.load(folderOfRun)) {
            assertThat(trained.step()).isEqualTo(12);
            assertThat(trained.evaluate(
                            Dataset.open(data), config().evaluation().rows()))
                    .isEqualTo(atTheEnd);
        }
    }

    @Test
    void aTrainedRunRefusesTokensOfAnotherTokenizer() throws IOException {
        Path folderOfRun = folder.resolve("run");
        start(config("training.steps=1"), folderOfRun, 1);
        Path other = folder.resolve("other");
        prepare(other, BertNormalization.CASED);
        Dataset sameSize = Dataset.open(other);
        try (TrainedRun trained = TrainedRun.load(folderOfRun)) {
            assertThatThrownBy(() -> trained.evaluate(sameSize, 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("trained with another tokenizer");
        }
    }

    @Test
    void aStoppedAndResumedRunGivesTheSameNumbersToTheLastBit() throws IOException {
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        start(config(), whole, Long.MAX_VALUE);
        watcher.lastStep = 0;
        assertThat(start(config(), stopped, 7)).isFalse();
        assertThat(stopped.resolve("model")).doesNotExist();
        assertThat(resume(config(), stopped)).isTrue();
        assertThat(watcher.messages).contains("resuming from step 7");
        assertThat(losses(stopped)).isEqualTo(losses(whole));
        assertThat(Files.readAllBytes(stopped.resolve("model/discriminator/model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("model/discriminator/model.safetensors")));
    }

    @Test
    void recordsTheThreadsThatTheEngineTookAndWarnsOfOthers() throws IOException {
        Path run = folder.resolve("run");
        start(config("training.threads=0"), run, 2);
        Path provenance = run.resolve("provenance.json");
        int threads = JsonMapper.shared()
                .readTree(Files.readAllBytes(provenance))
                .at("/starts/0/threads")
                .intValue();
        assertThat(threads).isPositive();
        // As if it had been started on a machine with more of them.
        String elsewhere = Files.readString(provenance).replace("\"threads\" : " + threads, "\"threads\" : 999");
        Files.writeString(provenance, elsewhere);
        resume(config("training.threads=0"), run);
        assertThat(watcher.messages)
                .anyMatch(message ->
                        message.startsWith(run + ": the engine's number of threads is " + threads + ", was 999: "));
    }

    @Test
    void passesOverADamagedCheckpointAndSaysSo() throws IOException {
        Path whole = folder.resolve("whole");
        Path damaged = folder.resolve("damaged");
        start(config(), whole, Long.MAX_VALUE);
        watcher.lastStep = 0;
        start(config(), damaged, 9);
        Path newest = damaged.resolve("checkpoints/step-00000009");
        try (var files = Files.list(newest)) {
            Path tensors = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(tensors);
            bytes[bytes.length / 2] ^= 1;
            Files.write(tensors, bytes);
        }
        resume(config(), damaged);
        assertThat(watcher.messages).contains("resuming from step 8");
        assertThat(watcher.messages).anyMatch(message -> message.startsWith("passed over a damaged checkpoint"));
        assertThat(losses(damaged)).isEqualTo(losses(whole));
    }

    @Test
    void doesNotBeginAnewOverARunWhoseCheckpointsAreAllDamaged() throws IOException {
        Path run = folder.resolve("run");
        start(config(), run, 6);
        List<String> before = losses(run);
        try (var checkpoints = Files.list(run.resolve("checkpoints"))) {
            for (Path checkpoint : checkpoints.toList()) {
                Files.delete(checkpoint.resolve("DONE"));
            }
        }
        assertThatThrownBy(() -> resume(config(), run))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(run + ": all of its checkpoints are damaged");
        assertThat(losses(run)).isEqualTo(before).isNotEmpty();
    }

    @Test
    void keepsNoRuinedWeights() throws IOException {
        Path run = folder.resolve("run");
        // One step that throws the weights out of range; no later step would notice.
        RunConfig ruinous = config("training.steps=1", "schedule.warmup_steps=0", "optimizer.learning_rate=1e38");
        assertThatThrownBy(() -> start(ruinous, run, Long.MAX_VALUE))
                .isInstanceOf(NonFiniteException.class)
                .hasMessageStartingWith("step 0: ");
        assertThat(run.resolve("checkpoints")).doesNotExist();
        assertThat(run.resolve("model")).doesNotExist();
    }

    @Test
    void refusesADataSetWhoseTokenizerWasAltered() throws IOException {
        Path run = folder.resolve("run");
        Path tokenizer = data.resolve("tokenizer/tokenizer.json");
        String altered = Files.readString(tokenizer).replace("\"lowercase\" : true", "\"lowercase\" : false");
        Files.writeString(tokenizer, altered);
        assertThatThrownBy(() -> start(config(), run, 1))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(data.resolve("tokenizer") + ": ");
        Files.delete(tokenizer);
        Files.delete(data.resolve("tokenizer/vocab.txt"));
        assertThatThrownBy(() -> start(config(), run, 1)).isInstanceOf(InputException.class);
        assertThat(run).doesNotExist();
    }

    @Test
    void leavesNoRunFolderIfTheEngineCantDoWhatIsAsked() {
        assumeThat(EngineReport.read().devices()).containsExactly("cpu");
        Path run = folder.resolve("run");
        assertThatThrownBy(() -> start(config("training.device=cuda"), run, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("training.device");
        assertThat(run).doesNotExist();
    }

    @Test
    void refusesAConfigurationThatDoesNotFit() throws IOException {
        Path run = folder.resolve("run");
        assertThatThrownBy(() -> start(config("model.max_positions=16"), run, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("rows of 32 tokens, but model.max_positions is 16");
        assertThat(run).doesNotExist();
        start(config(), run, 2);
        assertThatThrownBy(() -> resume(config("objective.rtd_weight=20"), run))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("objective.rtd_weight");
        assertThatThrownBy(() -> start(config(), run, 1)).hasMessageContaining("already holds a run");
    }

    @Test
    void refusesTwoSegmentsForANetworkThatKnowsOne() throws IOException {
        Path segments = folder.resolve("segments");
        prepare(segments, BertNormalization.UNCASED, ExampleFormat.SEGMENTS);
        Path run = folder.resolve("run");

        assertThatThrownBy(() -> PretrainingRun.start(
                        config("model.segment_types=1"), segments, run, List.of("pretrain"), watcher))
                .isInstanceOf(InputException.class)
                .hasMessage(segments + ": holds sequences of 2 segments, but model.segment_types is 1");
        assertThat(run).doesNotExist();

        // Of packed rows, every sequence is one segment.
        try (PretrainingRun packed =
                PretrainingRun.start(config("model.segment_types=1"), data, run, List.of("pretrain"), watcher)) {
            assertThat(packed.dataset().trainRows()).isPositive();
        }
    }

    @Test
    void aModelThatDoesNotFitIntoMemoryLeavesNoRunFolder() {
        Path run = folder.resolve("run");
        RunConfig vast = config("model.max_positions=2147483647", "model.embedding_size=100000000");

        assertThatThrownBy(() -> PretrainingRun.start(vast, data, run, List.of("pretrain"), watcher))
                .isInstanceOf(RuntimeException.class);

        assertThat(run).doesNotExist();
    }

    @Test
    void aRunGoesOnFromTheNetworksOfAnother() throws IOException {
        Path first = folder.resolve("first");
        start(config(), first, 99);
        double before = heldOutLoss(first);

        initFrom = List.of(first.resolve("model"));
        Path second = folder.resolve("second");
        RunConfig still = config("optimizer.learning_rate=1e-9", "training.steps=2", "evaluation.every=1");
        start(still, second, 99);

        assertThat(heldOutLoss(second)).isCloseTo(before, within(1e-3));
        assertThat(second.resolve("initialization.json")).content().contains("\"made_anew\" : [ ]");
        assertThat(watcher.messages).anyMatch(line -> line.startsWith("loaded     shared.electra.embeddings.*"));
    }

    private static double heldOutLoss(Path run) throws IOException {
        String last = Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("heldout"))
                .reduce((a, b) -> b)
                .orElseThrow();
        return JsonMapper.shared().readTree(last).get("heldout_mlm_loss").doubleValue();
    }

    @Test
    void resumingNeedsTheFirstNetworksOnlyUntilThereIsACheckpoint() throws IOException {
        Path first = folder.resolve("first");
        start(config(), first, 99);
        initFrom = List.of(first.resolve("model"));
        Path second = folder.resolve("second");
        start(config(), second, 5);

        initFrom = List.of();
        assertThat(resume(config(), second)).isTrue();

        deleteCheckpoints(second);
        assertThatThrownBy(() -> resume(config(), second))
                .isInstanceOf(InputException.class)
                .hasMessage(second + ": has no checkpoint yet; expected --init-from, as it was started with");
        initFrom = List.of(second.resolve("model"));
        assertThatThrownBy(() -> resume(config(), second))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("expected the same init_from");
        initFrom = List.of(first.resolve("model"));
        assertThat(resume(config(), second)).isTrue();
    }

    private static void deleteCheckpoints(Path run) throws IOException {
        new dev.changeling.disk.Disk().deleteFolder(run.resolve("checkpoints"));
    }
}
