package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a call that picocli lets pass: exit code 2, as for any other wrong call. */
class UsageTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--length 1             | row length 1; expected 8 to",
                "--length 1000000       | row length 1000000; expected 8 to",
                "--held-out 1           | held-out fraction 1.0; expected more than 0 and less than 1",
                "--held-out NaN         | held-out fraction NaN; expected more than 0 and less than 1",
                "--shard-megabytes 9999 | shard size of",
                "--held-out some        | found 'some', expected a number",
                "--seed 1.5             | found '1.5', expected a whole number",
                "--examples pairs       | found 'pairs', expected packed or segments",
                "--threads 100000       | found '100000', expected a whole number from 1 to 1024"
            })
    void prepareRefusesNumbersOutOfRange(String option, String expected) throws IOException {
        Path corpus = Files.writeString(folder.resolve("corpus.txt"), "one\n\ntwo\n");
        String[] nameAndValue = option.split(" ");

        assertUsage(
                expected,
                CommandRun.of(
                        "prepare",
                        "--corpus",
                        corpus.toString(),
                        "--vocab",
                        "vocab.txt",
                        "--out",
                        folder.resolve("shards").toString(),
                        nameAndValue[0],
                        nameAndValue[1]));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.stesp=3              | unknown key training.stesp; did you mean training.steps?",
                "training.steps=many           | training.steps is 'many', expected an integer",
                "training.steps                | expected key=value",
                "training.steps=0              | training.steps is 0, expected at least 1",
                "training.batch_size=9         | training.device_batch_size is",
                "model.discriminator.heads=7   | model.discriminator.heads is 7, expected a divisor of hidden_size",
                "model                         | expected key=value",
                "training.threads=100000       | training.threads is 100000, expected at least 0 and at most 1024",
                "model=3                       | model is a section, expected keys inside it",
                "training.steps=[1, 2          | expected one value after '='"
            })
    void pretrainRefusesSettingsThatAreNone(String setting, String expected) {
        assertUsage(expected, pretrain("tiny", "--set", setting));
    }

    @ParameterizedTest
    @CsvSource({"tyni", "''"})
    void pretrainRefusesAnUnknownPreset(String name) {
        assertUsage("expected a preset (debug, tiny, quickstart, small, base, large) or a file", pretrain(name));
    }

    @Test
    void aWrongFileIsNoWrongCall() throws IOException {
        Path file = Files.writeString(folder.resolve("my.yaml"), "preset: tiny\ntraining:\n  steps: many\n");

        CommandRun wrong = pretrain(file.toString());
        assertThat(wrong.code()).isEqualTo(ExitCode.FAILED);
        assertThat(wrong.err())
                .contains(file + ":3:10: training.steps is 'many'")
                .hasLineCount(1);

        CommandRun missing = pretrain(folder.resolve("absent.yaml").toString());
        assertThat(missing.code()).isEqualTo(ExitCode.FAILED);
        assertThat(missing.err()).contains("absent.yaml: no such file").hasLineCount(1);
    }

    private CommandRun pretrain(String config, String... more) {
        String[] arguments = {
            "pretrain",
            "--config",
            config,
            "--data",
            "shards",
            "--out",
            folder.resolve("run").toString()
        };
        return CommandRun.of(
                java.util.stream.Stream.concat(java.util.Arrays.stream(arguments), java.util.Arrays.stream(more))
                        .toArray(String[]::new));
    }

    private static void assertUsage(String message, CommandRun run) {
        assertThat(run.err()).contains(message).hasLineCount(2);
        assertThat(run.err().lines().skip(1)).singleElement().asString().matches("Try 'changeling \\w+ --help'\\.");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    }
}
