package dev.changeling.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
    private static final byte[] CONTENT = "new".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void replacesAFileAndLeavesNoOther() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old");

        new Disk().replace(file, CONTENT);

        assertThat(file).hasContent("new");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void leavesNoTraceOfWhatCannotBeWritten() throws IOException {
        Path inTheWay = Files.createDirectories(folder.resolve("taken/by/a/folder"));
        Path target = folder.resolve("taken");

        assertThatThrownBy(() -> new Disk().replace(target, CONTENT)).isInstanceOf(IOException.class);

        assertThat(inTheWay).isDirectory();
        try (var entries = Files.list(folder)) {
            assertThat(entries).containsExactly(target);
        }
    }

    @Test
    void hashesAFileAsItsBytes() throws IOException {
        Path file = Files.write(folder.resolve("a.bin"), "abc".getBytes(StandardCharsets.UTF_8));

        // FIPS 180-2, appendix B.1.
        String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertThat(Sha256.of(file)).isEqualTo(expected);
        assertThat(Sha256.of("a".getBytes(StandardCharsets.UTF_8), "bc".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(expected);
    }
}
