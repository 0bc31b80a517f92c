package dev.changeling.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingFileTest {
    @TempDir
    private Path folder;

    @Test
    void appearsWhenItIsFinished() throws IOException {
        Path file = folder.resolve("file");
        Files.writeString(file, "old");
        Files.writeString(folder.resolve("file.tmp"), "left by a process that was killed");
        try (PendingFile pending = PendingFile.begin(file)) {
            pending.channel().write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
            assertThat(file).hasContent("old");
            pending.finish();
        }

        assertThat(file).hasContent("new");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void leavesNoTraceUnlessItIsFinished() throws IOException {
        Path file = folder.resolve("file");
        Files.writeString(file, "old");
        try (PendingFile pending = PendingFile.begin(file)) {
            pending.channel().write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
        }

        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }
}
