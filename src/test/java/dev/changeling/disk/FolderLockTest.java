package dev.changeling.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
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
    void leavesNothingWhenItIsRemoved() throws IOException {
        FolderLock.take(folder, "reading").remove();

        assertThat(folder).isEmptyDirectory();
        FolderLock.take(folder, "reading").close();
    }
}
