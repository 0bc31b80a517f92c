package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        write("run");
        write("other");
    }

    private void write(String name) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                run.resolve("config.yaml"),
                ConfigLoader.load("tiny", List.of("schedule.warmup_steps=10")).toYaml());
        Files.writeString(
                run.resolve("metrics.jsonl"),
                IntStream.rangeClosed(1, 50)
                        .mapToObj(step -> String.format(
                                Locale.ROOT,
                                "{\"step\":%d,\"mlm_loss\":%.4f,\"rtd_loss\":0.56,\"rtd_majority_loss\":0.562,"
                                        + "\"rtd_auc\":0.5,\"sampled_accuracy\":0.1}%n",
                                step,
                                9 - step / 50.0))
                        .collect(Collectors.joining()));
    }

    @Test
    void writesThePageIntoTheRunAndTellsItsHealth() {
        CommandRun report = CommandRun.in(folder, "report @run");

        assertThat(report.err()).isEmpty();
        assertThat(report.code()).isZero();
        assertThat(folder.resolve("run/report.html"))
                .content()
                .startsWith("<!doctype html>")
                .contains("mlm_loss");
        assertThat(report.out().lines())
                .hasSize(5)
                .startsWith(folder.resolve("run") + ": discriminator stuck on the majority")
                .endsWith("the page: " + folder.resolve("run/report.html"));
        assertThat(report.out())
                .contains("RTD loss 0.560, 0.4 % below the 0.562", "not diverged: ", "generator not too strong: ")
                .doesNotContain("collapsed");
    }

    @Test
    void laysRunsTogetherWhereItIsTold() {
        CommandRun report = CommandRun.in(folder, "report @run @other --out @new/both.html");

        assertThat(report.err()).isEmpty();
        assertThat(report.code()).isZero();
        assertThat(folder.resolve("new/both.html")).content().contains("\"name\":\"run\"", "\"name\":\"other\"");
        assertThat(folder.resolve("run/report.html")).doesNotExist();
    }

    @Test
    void writesVerdictsAndScoresAsJson() {
        CommandRun report = CommandRun.in(folder, "report @run --json");

        JsonNode run = JsonMapper.shared().readTree(report.out()).at("/runs/0");
        assertThat(run.at("/condition").asString()).isEqualTo("discriminator_stuck");
        assertThat(run.at("/step").asInt()).isEqualTo(50);
        assertThat(run.at("/checks")).hasSize(3);
        assertThat(run.at("/scores/rtd_auc").asDouble()).isEqualTo(.5);
        assertThat(run.at("/scores_held_out").asBoolean()).isFalse();
        assertThat(folder.resolve("run/report.html")).isNotEmptyFile();
    }

    @Test
    void asksWhereToWriteAPageAboutSeveralRuns() {
        assertRefused(ExitCode.USAGE, "found 2 runs and no --out; expected --out FILE", "report @run @other");
        assertThat(folder.resolve("run/report.html")).doesNotExist();
    }

    @Test
    void refusesTheSameRunTwice() {
        assertRefused(
                ExitCode.USAGE, "the same run twice; expected each once", "report @run @other/../run --out @x.html");
    }

    @Test
    void refusesWhatIsNoRun() throws IOException {
        assertRefused(ExitCode.FAILED, "absent: no such folder; expected the folder of a run", "report @absent");
        Files.createDirectories(folder.resolve("empty"));
        assertRefused(ExitCode.FAILED, "empty: holds no run (no config.yaml)", "report @empty");
        assertRefused(ExitCode.FAILED, "metrics.jsonl: a file; expected the folder", "report @run/metrics.jsonl");
        assertThat(CommandRun.of("report").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void refusesARunWithoutNumbers() throws IOException {
        Files.writeString(folder.resolve("run/metrics.jsonl"), "");
        assertRefused(ExitCode.FAILED, "metrics.jsonl: holds no numbers yet", "report @run");
        assertThat(folder.resolve("run/report.html")).doesNotExist();
    }

    @Test
    void namesADamagedLine() throws IOException {
        Files.writeString(folder.resolve("run/metrics.jsonl"), "{\"step\":1,\"loss\":2}\nnonsense\n");
        assertRefused(ExitCode.FAILED, "metrics.jsonl:2: not JSON", "report @run");
    }

    @Test
    void passesOverATornLine() throws IOException {
        Path metrics = folder.resolve("run/metrics.jsonl");
        Files.writeString(metrics, Files.readString(metrics) + "{\"step\":51,\"mlm");
        CommandRun report = CommandRun.in(folder, "report @run --json");

        assertThat(report.code()).isZero();
        assertThat(JsonMapper.shared().readTree(report.out()).at("/runs/0/step").asInt())
                .isEqualTo(50);
    }

    @Test
    void refusesAPlaceThatCanNotBeWritten() {
        assertRefused(ExitCode.FAILED, "run: a folder; expected the name of a file", "report @run --out @run");
        assertRefused(ExitCode.FAILED, "is a file; expected a folder", "report @run --out @run/config.yaml/page.html");
    }

    private void assertRefused(int code, String message, String call) {
        CommandRun report = CommandRun.in(folder, call);

        assertThat(report.code()).isEqualTo(code);
        assertThat(report.out()).isEmpty();
        assertThat(report.err()).contains(message).hasLineCount(code == ExitCode.USAGE ? 2 : 1);
    }
}
