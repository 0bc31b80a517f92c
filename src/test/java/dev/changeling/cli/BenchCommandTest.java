package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The benchmarks, each run for as short as it can be: what they say, not how fast anything is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BenchCommandTest {
    private static final List<String> PARTS = List.of(
            "data", "generator", "prediction", "discriminator", "backward", "gradients", "optimizer", "idle", "other");

    private Path folder = Path.of("");

    private String corpus = "";
    private String vocabulary = "";
    private String shards = "";

    @BeforeAll
    void prepare(@TempDir Path temporary) throws IOException {
        folder = temporary;
        corpus = folder.resolve("corpus.txt").toString();
        vocabulary = folder.resolve("vocab.txt").toString();
        shards = folder.resolve("shards").toString();
        Files.writeString(
                Path.of(corpus),
                IntStream.range(0, 200)
                        .mapToObj(i -> "the old cat number " + i + " sat on a mat while the dog was barking at it .")
                        .collect(Collectors.joining("\n\n")));
        done("vocab", "--corpus", corpus, "--size", "90", "--out", vocabulary);
        done("prepare", "--corpus", corpus, "--vocab", vocabulary, "--length", "32", "--out", shards);
    }

    @Test
    void stepTellsWhereTheTimeGoes() throws IOException {
        JsonNode json = json(step("--json"));

        assertThat(json.propertyNames())
                .containsExactly(
                        "config",
                        "device",
                        "precision",
                        "threads",
                        "replicas",
                        "parameters",
                        "vocabulary",
                        "row_length",
                        "batch_size",
                        "device_batch_size",
                        "warmup",
                        "steps",
                        "tokens_per_step",
                        "masked_per_step",
                        "tokens_per_second",
                        "step_ms",
                        "mean_step_ms",
                        "phases",
                        "data_wait_share",
                        "useful_gflop_per_step",
                        "useful_gflops",
                        "multiply_gflops",
                        "flops_utilisation",
                        "cpu_ms_per_step",
                        "cpu_share",
                        "peak_resident_bytes",
                        "heap_bytes_per_step");
        assertThat(json.at("/replicas").asInt()).isEqualTo(2);
        assertThat(json.at("/vocabulary").asInt()).isEqualTo(90);
        assertThat(json.at("/steps").asInt()).isEqualTo(3);
        assertThat(json.at("/tokens_per_step").asDouble()).isBetween(1.0, 8 * 32.0);
        assertThat(json.at("/masked_per_step").asDouble()).isPositive();
        for (String number : List.of(
                "/tokens_per_second/median",
                "/step_ms/least",
                "/useful_gflop_per_step/total",
                "/useful_gflops/median",
                "/multiply_gflops/higher",
                "/flops_utilisation",
                "/cpu_ms_per_step",
                "/cpu_share",
                "/heap_bytes_per_step")) {
            assertThat(json.at(number).asDouble()).as(number).isPositive();
        }
        assertThat(Files.exists(Path.of("/proc/self/status")))
                .isEqualTo(json.at("/peak_resident_bytes").isNumber());
        try (Stream<Path> made = Files.list(folder)) {
            assertThat(made.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("corpus.txt", "vocab.txt", "shards");
        }
    }

    @Test
    void stepSeesEveryPhaseAndTheyAddUp() {
        JsonNode json = json(step("--json"));

        JsonNode phases = json.at("/phases");
        assertThat(phases.propertyNames()).containsExactlyElementsOf(PARTS);
        double sum = 0;
        for (String part : PARTS) {
            double millis = phases.at("/" + part + "/ms").asDouble();
            // Two threads on a busy machine: of these two, only the sum has a meaning to the last nanosecond.
            if (!part.equals("idle") && !part.equals("other")) {
                assertThat(millis).as(part).isPositive();
            }
            sum += millis;
        }
        assertThat(sum).isEqualTo(json.at("/mean_step_ms").asDouble(), within(1e-6));
        assertThat(phases.at("/idle/ms").asDouble() + phases.at("/other/ms").asDouble())
                .isPositive();
        assertThat(json.at("/data_wait_share").asDouble())
                .isEqualTo(phases.at("/data/share").asDouble());
    }

    @Test
    void stepShowsTheSameToPeople() {
        String[] lines = step().out().lines().toArray(String[]::new);

        assertThat(lines[0]).startsWith("debug: discriminator 2 × 64, generator 2 × 32, ");
        assertThat(lines[1]).contains("2 device batches of 4 rows of 32 tokens, 2 at once");
        assertThat(lines[2]).startsWith("3 steps after 1 to warm up");
        assertThat(Arrays.asList(lines))
                .anyMatch(line -> line.matches("real tokens a second +[\\d,]+ +median; from .*"));
        assertThat(Arrays.asList(lines)).anyMatch(line -> line.matches("  backward pass +[\\d.]+ +[\\d.]+ %.*"));
        assertThat(Arrays.asList(lines)).anyMatch(line -> line.matches("  utilisation +[\\d.]+ %"));
        assertThat(Arrays.asList(lines)).noneMatch(line -> line.length() > 120);
    }

    @Test
    void stepNeedsAsManyStepsAsItRuns() {
        CommandRun run = step("--set", "training.steps=3");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains("training.steps is 3, expected at least 4")
                .hasLineCount(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "step --data SHARDS --steps 0               | found '0', expected a whole number from 1",
                "step --data SHARDS --config tyni           | expected a preset (debug, tiny,",
                "step --data SHARDS --set training.stesp=3  | unknown key training.stesp; did you mean training.steps?",
                "step                                       | Missing required option: '--data=FOLDER'",
                "gemm --threads many                        | found 'many', expected a whole number from 1",
                "gemm --config tiny --length 500            | --length is 500, expected at most model.max_positions, 128",
                "vocab --corpus CORPUS --size 3             | size must be from 6",
                "tokenizer --corpus CORPUS                  | Missing required option: '--vocab=PATH'",
                "stpe                                       | Did you mean: bench step?",
                "stpe --help                                | Did you mean: bench step?",
                "''                                         | expected one of step, gemm, data, tokenizer, vocab, recording"
            })
    void refusesAWrongCall(String call, String expected) {
        CommandRun run = bench(call);

        assertThat(run.err()).contains(expected);
        assertThat(run.err().lines().reduce((first, last) -> last).orElse(""))
                .matches("Try 'changeling bench( \\w+)? --help'\\.");
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "step --data FOLDER                                        | dataset.json: no such file",
                "step --data SHARDS --config debug --set model.max_positions=16 | holds rows of 32 tokens, but model.max_positions is 16",
                "data --data FOLDER                                        | dataset.json: no such file",
                "recording FOLDER/absent.jfr                               | absent.jfr: no such file",
                "recording CORPUS                                          | no whole recording of the JDK's Flight Recorder",
                "tokenizer --vocab SHARDS --corpus CORPUS                  | expected a tokenizer",
                "tokenizer --vocab VOCABULARY --corpus FOLDER/absent.txt   | absent.txt"
            })
    void saysInOneLineWhatIsWrongWithAFile(String call, String expected) {
        CommandRun run = bench(call);

        assertThat(run.err()).contains(expected).hasLineCount(1);
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void gemmMeasuresEveryProduct() {
        String[] call = {
            "bench", "gemm", "--config", "debug", "--length", "16", "--vocabulary", "50", "--milliseconds", "1"
        };
        CommandRun text = done(call);
        JsonNode json = json(done(with(call, "--threads", "2", "--json")));

        assertThat(text.out()).contains("feed-forward in", "vocabulary", "dYᵀ·X");
        assertThat(json.at("/threads").asInt()).isEqualTo(2);
        assertThat(json.at("/products").size()).isEqualTo(16);
        for (JsonNode product : json.at("/products")) {
            assertThat(product.at("/forward_gflops").asDouble()).isPositive();
            assertThat(product.at("/weight_gradient_gflops").asDouble()).isPositive();
        }
    }

    @Test
    void dataReadsAndMasks() {
        String[] call = {"bench", "data", "--data", shards, "--config", "debug", "--seconds", "1"};
        JsonNode json = json(done(with(call, "--json")));

        assertThat(json.at("/rows_per_second").asDouble()).isPositive();
        assertThat(json.at("/tokens_per_second").asDouble())
                .isGreaterThan(json.at("/rows_per_second").asDouble());
        assertThat(json.at("/masked_fraction").asDouble()).isBetween(0.1, 0.2);
        assertThat(done(call).out()).contains("rows a second", "real tokens a second");
    }

    @Test
    void tokenizerEncodesOnOneThreadAndOnAll() {
        String[] call = {
            "bench", "tokenizer", "--vocab", vocabulary, "--corpus", corpus, "--seconds", "1", "--threads", "2"
        };
        JsonNode json = json(done(with(call, "--json")));

        assertThat(json.at("/documents").asInt()).isEqualTo(200);
        assertThat(json.at("/one_thread/megabytes_per_second").asDouble()).isPositive();
        assertThat(json.at("/all_threads/threads").asInt()).isEqualTo(2);
        assertThat(json.at("/all_threads/tokens_per_second").asDouble()).isPositive();
    }

    @Test
    void vocabLearns() {
        String[] call = {"bench", "vocab", "--corpus", corpus, "--size", "90", "--threads", "1"};
        JsonNode json = json(done(with(call, "--json")));

        assertThat(json.at("/tokens").asInt()).isEqualTo(90);
        assertThat(json.at("/words").asInt()).isGreaterThan(200 * 10);
        assertThat(done(call).out()).contains("90 tokens from");
    }

    @Test
    void recordingReadsWhatTheFlightRecorderHasKeptOfARun() throws IOException {
        Path file = folder.resolve("run.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            assertThat(step().code()).isZero();
            recording.stop();
            recording.dump(file);
            JsonNode json = json(done("bench", "recording", file.toString(), "--warmup", "1", "--json"));
            assertThat(json.at("/first_step").asInt()).isEqualTo(1);
            assertThat(json.at("/steps").asInt()).isEqualTo(3);
            assertThat(json.at("/replicas").asInt()).isEqualTo(2);
            assertThat(json.at("/phases").propertyNames()).containsExactlyElementsOf(PARTS);
            assertThat(done("bench", "recording", file.toString(), "--warmup", "1")
                            .out())
                    .contains("3 steps from step 1 on", "backward pass");

            CommandRun few = CommandRun.of("bench", "recording", file.toString(), "--warmup", "4");
            assertThat(few.err())
                    .contains("holds 4 training steps, expected more than the 4")
                    .hasLineCount(1);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void eachExplainsItselfWithAnExample(String name) {
        CommandRun run = done("bench", name, "--help");

        assertThat(run.out())
                .startsWith("Usage: changeling bench " + name + " ")
                .containsPattern("Examples?:\n +changeling bench " + name);
    }

    static Stream<String> benchmarks() {
        return new CommandLine(new BenchCommand()).getSubcommands().keySet().stream();
    }

    private CommandRun step(String... more) {
        String[] call = {
            "bench",
            "step",
            "--config",
            "debug",
            "--data",
            shards,
            "--steps",
            "3",
            "--warmup",
            "1",
            "--set",
            "training.threads=2"
        };
        return CommandRun.of(with(call, more));
    }

    private CommandRun bench(String call) {
        return CommandRun.of(Stream.of(("bench " + call)
                        .strip()
                        .replace("SHARDS", shards)
                        .replace("CORPUS", corpus)
                        .replace("VOCABULARY", vocabulary)
                        .replace("FOLDER", folder.toString())
                        .split(" +"))
                .toArray(String[]::new));
    }

    private static String[] with(String[] call, String... more) {
        return Stream.concat(Stream.of(call), Stream.of(more)).toArray(String[]::new);
    }

    private static JsonNode json(CommandRun run) {
        assertThat(run.code()).as(run.err()).isZero();
        return JsonMapper.shared().readTree(run.out());
    }

    private static CommandRun done(String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run;
    }
}
