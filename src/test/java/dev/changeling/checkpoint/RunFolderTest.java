package dev.changeling.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.error.InputException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunFolderTest {
    private final RunConfig config = ConfigLoader.load("debug", List.of());

    private Path folder = Path.of("unset");

    @BeforeEach
    void nameTheRun(@TempDir Path parent) {
        folder = parent.resolve("some/run");
    }

    @Test
    void aNewRunHoldsItsConfigurationAndProvenance() throws IOException {
        RunFolder.create(folder, config, provenance("aa")).close();

        assertThat(RunFolder.configOf(folder)).isEqualTo(config);
        JsonNode starts = starts();
        assertThat(starts.size()).isEqualTo(1);
        JsonNode start = starts.get(0);
        assertThat(start.get("inputs").get("shards").stringValue()).isEqualTo("aa");
        assertThat(start.get("command_line").get(0).stringValue()).isEqualTo("pretrain");
        assertThat(start.get("seed").longValue()).isEqualTo(42);
        assertThat(start.get("version").stringValue()).matches("[0-9].*");
        assertThat(start.get("cpu").stringValue()).isNotEmpty();
        assertThat(start.get("device").stringValue()).isEqualTo("cpu");
        assertThat(start.get("threads").intValue()).isEqualTo(2);
    }

    @Test
    void aFolderThatHoldsARunIsRefused() {
        RunFolder.create(folder, config, provenance("aa")).close();
        assertThatThrownBy(() -> RunFolder.create(folder, config, provenance("aa")))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": already holds a run; expected another folder, or --resume to go on with it");
    }

    @Test
    void aFolderThatHoldsOtherFilesIsRefused() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("thesis.tex"), "");
        assertThatThrownBy(() -> RunFolder.create(folder, config, provenance("aa")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds other files (thesis.tex)");
    }

    @Test
    void aDamagedProvenanceIsNamed() throws IOException {
        RunFolder.create(folder, config, provenance("aa")).close();
        for (String damaged : List.of("", "{}", "{\"starts\": null}", "{\"starts\": [{}]}", "[]")) {
            Files.writeString(folder.resolve("provenance.json"), damaged);
            assertThatThrownBy(() -> RunFolder.resume(folder, config, provenance("aa")))
                    .as(damaged)
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith(folder.resolve("provenance.json") + ": not a provenance file");
        }
    }

    @Test
    void aStartThatWasKilledEarlyIsNotInTheWay() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("lock"), "");
        Files.writeString(folder.resolve("provenance.json"), "{");
        Files.writeString(folder.resolve("config.yaml.tmp"), "mod");
        RunFolder.create(folder, config, provenance("aa")).close();
        assertThat(RunFolder.configOf(folder)).isEqualTo(config);
        assertThat(starts().size()).isEqualTo(1);
    }

    @Test
    void twoCantTrainInOneFolder() {
        RunFolder first = RunFolder.create(folder, config, provenance("aa"));
        assertThatThrownBy(() -> RunFolder.create(folder, config, provenance("aa")))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": another process is training in this folder");
        assertThatThrownBy(() -> RunFolder.resume(folder, config, provenance("aa")))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": another process is training in this folder");
        first.close();
        RunFolder.resume(folder, config, provenance("aa")).close();
    }

    @Test
    void aKilledProcessGivesTheFolderFree() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunFolderTest.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.getInputStream().read())
                    .as("the other process has the lock")
                    .isEqualTo('!');
            assertThatThrownBy(() -> RunFolder.resume(folder, config, provenance("aa")))
                    .isInstanceOf(InputException.class)
                    .hasMessage(folder + ": another process is training in this folder");
        } finally {
            other.destroyForcibly().waitFor();
        }
        RunFolder.resume(folder, config, provenance("aa")).close();
    }

    /** The other process of the test above: takes the folder, says so, and waits to be killed. */
    public static void main(String[] arguments) throws IOException {
        RunFolder run =
                RunFolder.create(Path.of(arguments[0]), ConfigLoader.load("debug", List.of()), provenance("aa"));
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        out.write('!');
        out.flush();
        int end = System.in.read();
        run.close();
        out.write(end);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a file that is open keeps its name there until it is closed")
    void whoeverWaitedForADiscardedRunSeesThatItsLockIsGone() throws IOException {
        RunFolder run = RunFolder.create(folder, config, provenance("aa"));
        Files.createDirectories(folder.resolve("checkpoints/step-1"));
        try (FileChannel waiting = FileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE)) {
            run.discard();

            assertThat(folder).doesNotExist();
            assertThat(waiting.size()).isPositive();
        }
        RunFolder.create(folder, config, provenance("aa")).close();
    }

    @Test
    void pruningKnowsWhatWasSaved() {
        try (RunFolder run = RunFolder.create(folder, config, provenance("aa"))) {
            assertThat(run.checkpoints()).isSameAs(run.checkpoints());
        }
    }

    @Test
    void resumingWhereNothingIsIsRefused() {
        assertThatThrownBy(() -> RunFolder.resume(folder, config, provenance("aa")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds no run");
        assertThat(folder).doesNotExist();
    }

    @Test
    void resumingWithAnotherConfigurationIsRefusedAndLeavesTheFolderAsItWas() {
        RunFolder.create(folder, config, provenance("aa")).close();
        RunConfig other =
                ConfigLoader.load("debug", List.of("training.steps=7", "model.dropout=0.5", "metrics.every=3"));
        assertThatThrownBy(() -> RunFolder.resume(folder, other, provenance("aa")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model.dropout is 0.5, was 0.0, training.steps is 7, was 100")
                .hasMessageNotContaining("metrics.every");
        assertThat(RunFolder.configOf(folder)).isEqualTo(config);
        RunFolder.resume(folder, config, provenance("aa")).close();
    }

    @Test
    void resumingOnOtherDataIsRefused() {
        RunFolder.create(folder, config, provenance("aa")).close();
        assertThatThrownBy(() -> RunFolder.resume(folder, config, provenance("bb")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("other data, expected the same shards");
    }

    @Test
    void observationMayChangeAndThreadsMayWithAWarning() throws IOException {
        RunFolder.create(folder, config, provenance("aa")).close();
        RunConfig other = ConfigLoader.load(
                "debug", List.of("metrics.every=3", "checkpoint.keep=9", "evaluation.rows=1", "training.threads=1"));
        try (RunFolder resumed = RunFolder.resume(folder, other, provenance("aa"))) {
            assertThat(resumed.warnings()).hasSize(1);
            assertThat(resumed.warnings().get(0)).contains("training.threads is 1, was 0");
        }
        assertThat(RunFolder.configOf(folder)).isEqualTo(other);
        assertThat(starts().size()).isEqualTo(2);
        assertThat(RunFolder.fingerprint(other)).isEqualTo(RunFolder.fingerprint(config));
    }

    @Test
    void anotherEngineBehindTheSameConfigurationBringsAWarning() {
        RunFolder.create(folder, config, provenance("aa", "cpu", 2)).close();
        String lastDigits = ": the last digits of the losses may differ from those of a run that was never stopped";
        assertThat(warningsOfResuming(provenance("aa", "cpu", 2))).isEmpty();
        assertThat(warningsOfResuming(provenance("aa", "cpu", 4)))
                .containsExactly(folder + ": the engine's number of threads is 4, was 2" + lastDigits);
        assertThat(warningsOfResuming(provenance("aa", "cpu", 4))).isEmpty();
        assertThat(warningsOfResuming(provenance("aa", "cuda", 4)))
                .containsExactly(folder + ": the engine's device is cuda, was cpu" + lastDigits);
    }

    @Test
    void aProvenanceFromBeforeTheEngineWasRecordedIsRead() throws IOException {
        RunFolder.create(folder, config, provenance("aa")).close();
        Path file = folder.resolve("provenance.json");
        String older = Files.readString(file)
                .replaceAll(" *\"(device|threads)\" : [^\n]*\n", "")
                .replaceAll(",\\s*\"sizes\" : \\{[^}]*\\}", "");
        assertThat(older).doesNotContain("\"threads\"", "\"sizes\"").contains("\"processors\"");
        Files.writeString(file, older);
        assertThat(warningsOfResuming(provenance("aa", "cpu", 4))).isEmpty();
        assertThat(starts().get(1).get("threads").intValue()).isEqualTo(4);
    }

    private List<String> warningsOfResuming(Provenance provenance) {
        try (RunFolder resumed = RunFolder.resume(folder, config, provenance)) {
            return resumed.warnings();
        }
    }

    @Test
    void aCheckpointOfAnotherConfigurationIsRefused() {
        try (RunFolder run = RunFolder.create(folder, config, provenance("aa"))) {
            run.checkpoints().save(new Progress(1, 1, 1, null, "other"), List.of());
            assertThatThrownBy(() -> run.latestCheckpoint(config))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("step-00000001: is a checkpoint of another configuration");
            run.checkpoints().save(new Progress(2, 1, 1, null, RunFolder.fingerprint(config)), List.of());
            assertThat(run.latestCheckpoint(config).checkpoint()).isPresent();
        }
    }

    private static Provenance provenance(String shards) {
        return provenance(shards, "cpu", 2);
    }

    private static Provenance provenance(String shards, String device, int threads) {
        return Provenance.ofThisProcess(
                List.of("pretrain", "--out", "run"),
                42,
                device,
                threads,
                Map.of("pytorch", "2.10.0"),
                Map.of("shards", shards),
                Map.of("train_rows", 7L));
    }

    private JsonNode starts() throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readAllBytes(folder.resolve("provenance.json")))
                .get("starts");
    }
}
