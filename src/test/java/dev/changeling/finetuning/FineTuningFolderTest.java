package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuningFolderTest {
    @TempDir
    private Path temporary;

    @Test
    void twoDoNotFillOneFolder() throws IOException {
        Path out = temporary.resolve("out");
        Path partial = temporary.resolve(".out.partial");
        try (FineTuningFolder first = FineTuningFolder.begin(out)) {
            Path begun = Files.writeString(partial.resolve("provenance.json"), "{}");
            assertThatThrownBy(() -> FineTuningFolder.begin(out).close())
                    .isInstanceOf(InputException.class)
                    .hasMessage(partial + ": another process is fine-tuning in this folder");
            assertThat(begun).isNotEmptyFile();
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void whatAKilledProcessLeftIsTakenAway() throws IOException {
        Path left = Files.createDirectories(temporary.resolve(".out.partial/model"));
        Files.writeString(left.resolve("config.json"), "{}");
        try (FineTuningFolder folder = FineTuningFolder.begin(temporary.resolve("out"))) {
            assertThat(left).doesNotExist();
        }
        assertThat(temporary).isEmptyDirectory();
    }
}
