package dev.changeling.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunHistoryTest {
    @TempDir
    private Path folder;

    private void append(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void readsNumbersThatAreMissingNullOrUnknown() throws IOException {
        TestRuns.empty(folder, 100);
        append("metrics.jsonl", "{\"step\":1,\"loss\":3,\"news\":7}\n{\"step\":2,\"loss\":null}\n{\"step\":3}\n");
        append("metrics.jsonl", "{\"step\":3,\"heldout_loss\":2.5,\"remark\":\"text\"}\n");

        RunHistory run = RunHistory.read(folder);

        assertThat(run.series().keySet()).containsExactly("loss", "news", "heldout_loss");
        assertThat(run.series("loss").orElseThrow().notFinite()).isEqualTo(1);
        assertThat(run.lastStep()).isEqualTo(3);
        assertThat(run.plannedSteps()).isEqualTo(100);
        assertThat(run.warmupSteps()).isEqualTo(TestRuns.WARMUP);
    }

    @Test
    void readsTheConfigurationOfAnotherVersion() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), "training:\n  steps: 7\n  magic: on\n");
        append("metrics.jsonl", "{\"step\":1,\"loss\":3}\n");

        assertThat(RunHistory.read(folder).settings())
                .containsExactlyInAnyOrderEntriesOf(Map.of("training.steps", "7", "training.magic", "on"));
    }

    @Test
    void leavesATornLineUntilItIsWhole() throws IOException {
        TestRuns.empty(folder, 100);
        append("metrics.jsonl", "{\"step\":1,\"loss\":3}\n{\"step\":2,\"lo");
        RunHistory run = RunHistory.read(folder);
        assertThat(run.lastStep()).isEqualTo(1);
        assertThat(run.refresh()).isFalse();

        append("metrics.jsonl", "ss\":2}\n");

        assertThat(run.refresh()).isTrue();
        assertThat(run.lastStep()).isEqualTo(2);
        assertThat(run.series("loss").orElseThrow().count()).isEqualTo(2);
    }

    @Test
    void beginsAnewWhenTheRunHasGoneBack() throws IOException {
        TestRuns.of(folder, 100, TestRuns::well);
        RunHistory run = RunHistory.read(folder);
        String first = Files.readString(folder.resolve("metrics.jsonl"))
                .lines()
                .findFirst()
                .orElseThrow();
        Files.writeString(folder.resolve("metrics.jsonl"), first + "\n");

        assertThat(run.refresh()).isTrue();
        assertThat(run.lastStep()).isEqualTo(10);
        assertThat(run.series("loss").orElseThrow().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"step\":1,,}       | metrics.jsonl:2: not JSON, expected an object with a step",
                "{\"loss\":1}         | metrics.jsonl:2: has no step, expected an object with one",
                "{\"step\":\"one\"}   | metrics.jsonl:2: has no step",
                "7                    | metrics.jsonl:2: has no step",
            })
    void namesTheLineThatIsDamaged(String line, String expected) throws IOException {
        TestRuns.empty(folder, 100);
        append("metrics.jsonl", "{\"step\":1,\"loss\":3}\n" + line + "\n");

        assertThatThrownBy(() -> RunHistory.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void refusesWhatIsNoRun() throws IOException {
        assertThatThrownBy(() -> RunHistory.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": holds no run (no config.yaml); expected a folder that pretrain has made");
        assertThatThrownBy(() -> RunHistory.read(folder.resolve("absent")))
                .hasMessageContaining("absent: no such folder; expected the folder of a run");
        assertThatThrownBy(() -> RunHistory.read(Files.writeString(folder.resolve("file"), "")))
                .hasMessageContaining("file: a file; expected the folder of a run");
    }

    @Test
    void refusesARunWithoutNumbers() throws IOException {
        TestRuns.empty(folder, 100);
        assertThatThrownBy(() -> RunHistory.read(folder)).hasMessageContaining("metrics.jsonl: no such file");
        append("metrics.jsonl", "{\"step\":1,\"lo");
        assertThatThrownBy(() -> RunHistory.read(folder)).hasMessageContaining("metrics.jsonl: holds no numbers yet");
        assertThat(RunHistory.open(folder).lastStep()).isZero();
    }

    @Test
    void refusesSamplesThatDoNotFitTogether() throws IOException {
        TestRuns.of(folder, 100, TestRuns::well);
        append(
                "samples.jsonl",
                "{\"step\":0,\"sequences\":[{\"tokens\":[\"a\",\"b\"],\"originals\":[null],\"probabilities\":[0,1]}]}\n");

        assertThatThrownBy(() -> RunHistory.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("samples.jsonl:1: found 2 tokens, 1 originals and 2 probabilities");
    }

    @Test
    void keepsTheFirstAndTheLastOfManySamples() {
        TestRuns.of(folder, 100, TestRuns::well);
        IntStream.rangeClosed(0, 500)
                .forEach(step -> TestRuns.add(
                        folder.resolve("samples.jsonl"), TestRuns.sample(step, List.of("a", "b"), List.of("a", "c"))));

        List<SampledStep> samples = RunHistory.read(folder).samples();

        assertThat(samples)
                .hasSizeLessThanOrEqualTo(80)
                .isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
        assertThat(samples.get(0).step()).isZero();
        assertThat(samples.get(samples.size() - 1).step()).isEqualTo(500);
    }
}
