package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Benchmarks of training steps: what they say, not how fast anything is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BenchStepCommandTest {
    private static final String STEP =
            "step --config debug --data SHARDS --steps 3 --warmup 1 --set training.threads=2";
    private static final List<String> PARTS = List.of(
            "data", "generator", "prediction", "discriminator", "backward", "gradients", "optimizer", "idle", "other");

    private BenchData data = new BenchData(Path.of(""));

    @BeforeAll
    void prepare(@TempDir Path temporary) throws IOException {
        data = BenchData.prepare(temporary);
    }

    @Test
    void stepTellsWhereTheTimeGoes() throws IOException {
        JsonNode json = data.json(STEP);

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
        try (Stream<Path> made = Files.list(data.folder())) {
            assertThat(made.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("corpus.txt", "vocab.txt", "shards");
        }
    }

    @Test
    void stepSeesEveryPhaseAndTheyAddUp() {
        JsonNode json = data.json(STEP);

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
        String[] lines = data.text(STEP).lines().toArray(String[]::new);

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
        CommandRun run = data.bench(STEP + " --set training.steps=3");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains("training.steps is 3, expected at least 4")
                .hasLineCount(2);
    }

    @Test
    void recordingReadsWhatTheFlightRecorderHasKeptOfARun() throws IOException {
        Path file = data.folder().resolve("run.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            data.text(STEP);
            recording.stop();
            recording.dump(file);
            JsonNode json = data.json("recording " + file + " --warmup 1");
            assertThat(json.at("/first_step").asInt()).isEqualTo(1);
            assertThat(json.at("/steps").asInt()).isEqualTo(3);
            assertThat(json.at("/replicas").asInt()).isEqualTo(2);
            assertThat(json.at("/phases").propertyNames()).containsExactlyElementsOf(PARTS);
            assertThat(data.text("recording " + file + " --warmup 1"))
                    .contains("3 steps from step 1 on", "backward pass");

            CommandRun few = data.bench("recording " + file + " --warmup 4");
            assertThat(few.err())
                    .contains("holds 4 training steps, expected more than the 4")
                    .hasLineCount(1);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
