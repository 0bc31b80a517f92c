package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabCommandTest {
    @TempDir
    private Path folder;

    @Test
    void writesOverNoDevice() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assumeThat(Files.isExecutable(Path.of("/usr/bin/mkfifo")))
                .as("there are named pipes here")
                .isTrue();
        assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString())
                        .start()
                        .waitFor())
                .isZero();
        Path text = Files.writeString(folder.resolve("text.txt"), "some words\n\nsome more words\n");

        CommandRun run = CommandRun.of("vocab", "--corpus", text.toString(), "--size", "100", "--out", pipe.toString());

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains(pipe + ": a device or a pipe");
        assertThat(Files.exists(pipe)).isTrue();
        assertThat(Files.isRegularFile(pipe)).isFalse();
    }
}
