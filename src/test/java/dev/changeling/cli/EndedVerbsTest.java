package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestExports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a verb leaves behind that is told to end in the middle, as by Ctrl-C: nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledOnOs(OS.WINDOWS)
class EndedVerbsTest {
    private static final int PATIENCE = 120;
    private static final int TERMINATED = 143;

    private Path folder = Path.of("");
    private String model = "";

    @BeforeAll
    void write(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TestExports.write(folder, 5).toString();
        Files.writeString(folder.resolve("cats.tsv"), "text\tlabel\n" + "the cat\tyes\nthe mat\tno\n".repeat(200));
    }

    @Test
    void embedLeavesNoFile() throws Exception {
        endOnce(
                "vectors.csv.tmp",
                "embed",
                "--model",
                model,
                "--out",
                folder.resolve("vectors.csv").toString());
    }

    @Test
    void predictAndFineTuneLeaveNothing() throws Exception {
        String train = folder.resolve("cats.tsv").toString();
        assertThat(CommandRun.of(
                                "finetune",
                                "--model",
                                model,
                                "--task",
                                "classification",
                                "--train",
                                train,
                                "--epochs",
                                "1",
                                "--out",
                                folder.resolve("cats").toString())
                        .code())
                .isZero();
        String classifier = folder.resolve("cats/model").toString();
        endOnce(
                "labels.txt.tmp",
                "predict",
                "--model",
                classifier,
                "--out",
                folder.resolve("labels.txt").toString());
        endOnce(
                ".long.partial/provenance.json",
                "finetune",
                "--model",
                model,
                "--task",
                "classification",
                "--train",
                train,
                "--epochs",
                "100000",
                "--out",
                folder.resolve("long").toString());
    }

    /** Starts a verb, whose standard input stays open, and ends it when a file has appeared. */
    private void endOnce(String file, String verb, String... arguments) throws Exception {
        List<String> before = entries();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                verb));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            long late = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
            while (!Files.exists(folder.resolve(file)) && process.isAlive() && System.nanoTime() < late) {
                Thread.sleep(20);
            }
            assertThat(process.isAlive()).isTrue();
            assertThat(folder.resolve(file)).exists();
            process.toHandle().destroy();
            assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(TERMINATED);
        } finally {
            process.destroyForcibly();
        }
        assertThat(entries()).isEqualTo(before);
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
