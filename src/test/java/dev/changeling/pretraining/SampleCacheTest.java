package dev.changeling.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples of a generator that never learns, kept by one run for others. */
class SampleCacheTest {
    @TempDir
    private Path folder;

    private Path cache;
    private LittleRuns runs;

    @BeforeEach
    void prepareData() throws IOException {
        runs = new LittleRuns(folder);
        cache = folder.resolve("cache");
        runs.sampleCache = cache;
    }

    private static RunConfig frozen(String... overrides) {
        List<String> settings = new ArrayList<>(List.of(
                "training.steps=12",
                "training.threads=1",
                "checkpoint.every=4",
                "evaluation.every=6",
                "model.dropout=0.1",
                "model.attention_dropout=0.1"));
        settings.addAll(List.of(overrides));
        return ConfigLoader.load("debug", List.of("fast-electra"), settings);
    }

    private static byte[] discriminator(Path run) throws IOException {
        return Files.readAllBytes(run.resolve("model/discriminator/model.safetensors"));
    }

    private List<String> sampleFiles() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("samples-"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> steps(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"rtd_loss\""))
                .toList();
    }

    @Test
    void aSecondRunTrainsOnTheSamplesOfTheFirstWithoutItsGenerator() throws IOException {
        runs.sampleCache = null;
        Path plain = folder.resolve("plain");
        runs.start(frozen(), plain, 99);
        runs.sampleCache = cache;
        Path first = folder.resolve("first");
        runs.start(frozen(), first, 99);
        assertThat(sampleFiles()).containsExactly("samples-0000000000-0000000012.bin");
        Path second = folder.resolve("second");
        runs.start(frozen(), second, 99);

        assertThat(steps(first)).isNotEmpty().allMatch(line -> line.contains("\"mlm_loss\""));
        assertThat(steps(second)).isNotEmpty().noneMatch(line -> line.contains("\"mlm_loss\""));
        assertThat(discriminator(first)).isEqualTo(discriminator(plain));
        assertThat(discriminator(second)).isEqualTo(discriminator(plain));
        assertThat(sampleFiles()).hasSize(1);
    }

    @Test
    void aBatchThatIsCutOtherwiseReadsTheSameSamples() throws IOException {
        RunConfig whole = frozen("training.batch_size=4", "training.device_batch_size=4");
        runs.start(whole, folder.resolve("first"), 99);
        Path second = folder.resolve("second");
        runs.start(frozen("training.batch_size=4", "training.device_batch_size=2"), second, 99);
        assertThat(steps(second)).isNotEmpty().noneMatch(line -> line.contains("\"mlm_loss\""));
    }

    @Test
    void aRunThatStoppedGoesOnFillingTheFolder() throws IOException {
        runs.sampleCache = null;
        Path plain = folder.resolve("plain");
        runs.start(frozen(), plain, 99);
        runs.sampleCache = cache;
        runs.watcher.lastStep = 0;
        Path first = folder.resolve("first");
        assertThat(runs.start(frozen("metrics.every=1"), first, 5)).isFalse();
        assertThat(sampleFiles()).containsExactly("samples-0000000000-0000000005.bin");
        runs.resume(frozen("metrics.every=1"), first);
        assertThat(sampleFiles())
                .containsExactly("samples-0000000000-0000000005.bin", "samples-0000000005-0000000012.bin");
        assertThat(discriminator(first)).isEqualTo(discriminator(plain));
        // Another stops and goes on within what is there.
        runs.watcher.lastStep = 0;
        Path second = folder.resolve("second");
        runs.start(frozen("metrics.every=1"), second, 7);
        runs.resume(frozen("metrics.every=1"), second);
        assertThat(steps(second)).noneMatch(line -> line.contains("\"mlm_loss\""));
        assertThat(discriminator(second)).isEqualTo(discriminator(plain));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.seed=43 | the samples were drawn with training.seed 42, expected 43, or another folder",
                "objective.masking.fraction=0.3 | the samples were drawn with objective.masking.fraction",
                "objective.sampling.temperature=2 | the samples were drawn with objective.sampling.temperature 1.0, expected 2.0",
                "model.initialization.standard_deviation=0.07 | the samples are those of another generator; expected this run's, or another folder"
            })
    void samplesOfOtherRunsAreRefusedInOneLine(String override, String message) throws IOException {
        runs.start(frozen(), folder.resolve("first"), 99);
        Path second = folder.resolve("second");
        assertThatThrownBy(() -> runs.start(frozen(override), second, 99))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(cache + ": " + message);
        assertThat(second).doesNotExist();
        // What does not change the samples may differ.
        runs.start(frozen("optimizer.learning_rate=1e-3", "model.dropout=0"), second, 99);
        assertThat(steps(second)).noneMatch(line -> line.contains("\"mlm_loss\""));
    }

    @Test
    void aGeneratorThatChangesHasNoSamplesToKeep() {
        assertThatThrownBy(() -> runs.start(LittleRuns.config(), folder.resolve("run"), 99))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "--sample-cache: objective.stages.generator_frozen_from is 1.0, expected 0: a generator that"
                                + " never learns");
        assertThatThrownBy(() -> runs.start(frozen("model.sharing=embeddings"), folder.resolve("run"), 99))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--sample-cache: model.sharing");
        assertThat(folder.resolve("run")).doesNotExist();
        assertThat(cache).doesNotExist();
    }

    @Test
    void aFolderOfSomethingElseIsLeftAlone() throws IOException {
        Files.createDirectories(cache);
        Files.writeString(cache.resolve("mails.txt"), "dear");
        assertThatThrownBy(() -> runs.start(frozen(), folder.resolve("run"), 99))
                .isInstanceOf(InputException.class)
                .hasMessage(cache + ": has no origin.txt; expected samples of an earlier run, or an empty folder");
        assertThat(cache.resolve("config.yaml")).doesNotExist();
    }

    @Test
    void damagedSamplesAreRefused() throws IOException {
        runs.start(frozen(), folder.resolve("first"), 99);
        Path file = cache.resolve(sampleFiles().get(0));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> runs.start(frozen(), folder.resolve("second"), 99))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": damaged; delete it, and its samples are drawn again");
    }
}
