package dev.changeling.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    private Path folder;

    @Test
    void keepsOthersOutUntilItIsClosed() throws IOException {
        FolderLock first = FolderLock.take(folder, "reading");
        assertThatThrownBy(() -> FolderLock.take(folder, "writing"))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": another process is writing in this folder");

        first.close();

        FolderLock.take(folder, "writing").close();
        assertThat(folder.resolve(FolderLock.FILE)).exists();
    }

    @Test
    void keepsOtherProcessesOutAfterOneOfThisProcessWasRefused() throws Exception {
        try (FolderLock first = FolderLock.take(folder, "reading")) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> FolderLock.take(folder, "writing")).isInstanceOf(InputException.class);

            assertThat(takeInAnotherProcess()).contains(folder + ": another process is writing in this folder");
        }
        assertThat(takeInAnotherProcess()).isEmpty();
    }

    /** Returns what the other process says of its failure; nothing if it had the lock. */
    private String takeInAnotherProcess() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FolderLockTest.class.getName(),
                        folder.toString())
                .start();
        String said = other.errorReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining("\n"));
        assertThat(other.waitFor() == 0).as(said).isEqualTo(said.isEmpty());
        return said;
    }

    /** The other process of the test above: takes the folder, or ends in the refusal. */
    public static void main(String[] arguments) throws IOException {
        FolderLock.take(Path.of(arguments[0]), "writing").close();
    }

    @Test
    void closingTwiceDoesNotGiveTheNextOnesHoldAway() throws IOException {
        FolderLock first = FolderLock.take(folder, "reading");
        first.close();
        try (FolderLock second = FolderLock.take(folder, "reading")) {
            assertThat(second).isNotNull();
            first.close();
            assertThatThrownBy(() -> FolderLock.take(folder, "writing")).isInstanceOf(InputException.class);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a file that is open keeps its name there until it is closed")
    void aRemovedFileIsNotTakenForTheOneThatCameAfter() throws IOException {
        Path file = folder.resolve(FolderLock.FILE);
        FolderLock first = FolderLock.take(folder, "reading");
        try (FileChannel openedBefore = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(FolderLock.isInPlace(openedBefore, file)).isTrue();

            first.remove();
            assertThat(FolderLock.isInPlace(openedBefore, file)).isFalse();

            try (FolderLock second = FolderLock.take(folder, "reading")) {
                assertThat(second).isNotNull();
                assertThat(FolderLock.isInPlace(openedBefore, file)).isFalse();
            }
        }
    }

    @Test
    void leavesNothingWhenItIsRemoved() throws IOException {
        FolderLock.take(folder, "reading").remove();

        assertThat(folder).isEmptyDirectory();
        FolderLock.take(folder, "reading").close();
    }

    @Test
    void aKillWhileItWasRemovedLeavesNothingForEver() throws IOException {
        Files.write(folder.resolve(FolderLock.FILE), new byte[] {1});

        FolderLock.take(folder, "reading").remove();

        assertThat(folder).isEmptyDirectory();
    }
}
