package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verbs that need a run, on one that {@code vocab}, {@code prepare} and {@code pretrain} have made. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainedRunVerbsTest {
    private Path folder = Path.of("");

    private String shards = "";
    private String run = "";

    @BeforeAll
    void train(@TempDir Path temporary) throws IOException {
        folder = temporary;
        Path corpus = folder.resolve("corpus.txt");
        Files.writeString(
                corpus,
                IntStream.range(0, 300)
                        .mapToObj(i -> "the old cat number " + i + " sat on a mat while the dog was barking at it .")
                        .collect(Collectors.joining("\n\n")));
        String vocabulary = folder.resolve("vocab.txt").toString();
        shards = folder.resolve("shards").toString();
        run = folder.resolve("run").toString();
        done("vocab", "--corpus", corpus.toString(), "--size", "120", "--out", vocabulary);
        done(
                "prepare",
                "--corpus",
                corpus.toString(),
                "--vocab",
                vocabulary,
                "--length",
                "32",
                "--held-out",
                "0.1",
                "--out",
                shards);
        CommandRun pretrain = done(
                "pretrain",
                "--config",
                "debug",
                "--data",
                shards,
                "--out",
                run,
                "--set",
                "training.steps=3",
                "--set",
                "objective.sampling.unigram_fraction=1",
                "--dashboard",
                "0");
        assertThat(pretrain.out())
                .contains("3 steps of 8 rows of 32 tokens")
                .containsPattern("\ndashboard: http://127\\.0\\.0\\.1:\\d+/\n")
                .contains("Next: changeling detect");
    }

    @Test
    void reportShowsWhatTrainingWrote() {
        CommandRun report = done("report", run, "--json");

        JsonNode told = JsonMapper.shared().readTree(report.out()).at("/runs/0");
        assertThat(told.at("/condition").asString()).isEqualTo("too_early");
        assertThat(told.at("/scores_held_out").asBoolean()).isTrue();
        assertThat(told.at("/scores/mlm_loss").asDouble()).isPositive();
    }

    /** Returns the names of the last held-out scores in the run's metrics.jsonl, without what they begin with. */
    private List<String> heldOutNames() throws IOException {
        String last = Files.readAllLines(Path.of(run, "metrics.jsonl")).stream()
                .filter(line -> line.contains("heldout_loss"))
                .reduce((before, after) -> after)
                .orElseThrow();
        return JsonMapper.shared().readTree(last).propertyNames().stream()
                .filter(name -> name.startsWith("heldout_"))
                .map(name -> name.substring("heldout_".length()))
                .toList();
    }

    @Test
    void evaluateScoresBothNetworksBesideTheirBaselines() throws IOException {
        CommandRun text = done("evaluate", "--run", run, "--data", shards, "--swaps", "20");
        assertThat(text.out())
                .startsWith("after 3 steps, on ")
                .contains("MLM loss", "unigram frequencies alone", "RTD loss", "always \"original\"", "most suspected");

        JsonNode json = JsonMapper.shared()
                .readTree(done("evaluate", "--run", run, "--data", shards, "--json")
                        .out());
        assertThat(json.at("/step").asInt()).isEqualTo(3);
        assertThat(json.at("/rtd_auc").asDouble()).isBetween(0.0, 1.0);
        assertThat(json.at("/mlm_loss").asDouble()).isPositive();
        assertThat(json.at("/unigram_cross_entropy").asDouble()).isPositive();
        assertThat(json.has("swap_hit_rate")).isFalse();
        assertThat(json.propertyNames()).containsAll(heldOutNames());
        // The run's replacements are all drawn from frequencies, so an untrained generator's differ from them.
        assertThat(text.out()).contains("where every replacement is the generator's");
        assertThat(json.at("/generator_alone_rtd_auc").asDouble()).isBetween(0.0, 1.0);
        assertThat(json.at("/generator_alone_replaced_fraction").asDouble())
                .isGreaterThan(json.at("/replaced_fraction").asDouble());
        assertThat(text.out())
                .contains(String.format(
                        java.util.Locale.ROOT, "%.4f", json.at("/mlm_loss").asDouble()));
    }

    @Test
    void evaluateReadsOnlyAsManyRowsAsAsked() {
        JsonNode few = JsonMapper.shared()
                .readTree(done("evaluate", "--run", run, "--data", shards, "--rows", "2", "--json")
                        .out());

        assertThat(few.at("/tokens").asInt()).isBetween(2, 64);
    }

    @Test
    void exportWritesWhatDetectReads() throws IOException {
        Path exported = folder.resolve("exported");

        CommandRun export = done("export", "--run", run, "--out", exported.toString());

        assertThat(export.out()).contains("after 3 steps").contains("changeling detect --model " + exported);
        assertThat(exported.resolve("generator/model.safetensors")).isNotEmptyFile();
        assertThat(exported.resolve("discriminator/model.safetensors"))
                .hasSameBinaryContentAs(Path.of(run, "model/discriminator/model.safetensors"));
        assertThat(Files.readString(exported.resolve("discriminator/tokenizer_config.json")))
                .isEqualTo(Files.readString(Path.of(run, "model/discriminator/tokenizer_config.json")));
        done("detect", "--model", exported.resolve("discriminator").toString(), "the old cat");
    }

    @Test
    void exportTakesTheTokenizerOfAnUnfinishedRunFromItsData() throws IOException {
        Path unfinished = folder.resolve("unfinished");
        done(
                "pretrain",
                "--config",
                "debug",
                "--data",
                shards,
                "--out",
                unfinished.toString(),
                "--set",
                "training.steps=1");
        Files.move(unfinished.resolve("model"), folder.resolve("elsewhere"));
        String exported = folder.resolve("early").toString();

        CommandRun without = CommandRun.of("export", "--run", unfinished.toString(), "--out", exported);
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.err()).contains("expected --data").hasLineCount(1);
        assertThat(Path.of(exported)).doesNotExist();

        done("export", "--run", unfinished.toString(), "--data", shards, "--out", exported);
        assertThat(Path.of(exported, "discriminator/tokenizer.json")).isNotEmptyFile();
    }

    @Test
    void refusesFormatsThatItDoesNotWrite() {
        CommandRun onnx = CommandRun.of("export", "--run", run, "--out", "x", "--format", "docx");

        assertThat(onnx.code()).isEqualTo(2);
        assertThat(onnx.err()).contains("--format", "found 'docx', expected hf or onnx");
    }

    @Test
    void saysThatThereIsNoRun() {
        CommandRun missing =
                CommandRun.of("evaluate", "--run", folder.resolve("nothing").toString(), "--data", shards);

        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("holds no run").hasLineCount(1);
    }

    private static CommandRun done(String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run;
    }
}
