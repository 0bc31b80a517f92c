package dev.changeling.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
    @TempDir
    Path folder;

    @Test
    void eachStepIsALineThatIsThereAtOnce() throws IOException {
        try (JsonLines lines = JsonLines.open(file(), 0)) {
            lines.write(Metrics.at(10).put("tokens", 3).put("loss", 0.1 + 0.2).build());
            assertThat(file()).hasContent("{\"step\":10,\"tokens\":3,\"loss\":0.30000000000000004}\n");
            lines.write(Metrics.at(20).put("loss", 4.0).build());
        }
        assertThat(Files.readAllLines(file())).hasSize(2).last().isEqualTo("{\"step\":20,\"loss\":4.0}");
    }

    @Test
    void whatIsNotFiniteIsNull() throws IOException {
        try (JsonLines lines = JsonLines.open(file(), 0)) {
            lines.write(Metrics.at(1)
                    .put("a", Double.NaN)
                    .put("b", Double.POSITIVE_INFINITY)
                    .put("c", Double.NEGATIVE_INFINITY)
                    .build());
        }
        assertThat(Files.readString(file())).isEqualTo("{\"step\":1,\"a\":null,\"b\":null,\"c\":null}\n");
    }

    @Test
    void aResumeRemovesLaterStepsAndATornLine() throws IOException {
        String kept = "{\"step\":1}\n{\"step\":2}\n";
        for (String lost : new String[] {"", "{\"step\":3}\n", "{\"step\":3}\n{\"step\":4", "{\"st", "{\"step\":2}"}) {
            Files.writeString(file(), kept + lost);
            try (JsonLines lines = JsonLines.open(file(), 2)) {
                lines.write(Metrics.at(3).put("x", 1).build());
            }
            assertThat(Files.readString(file())).as(lost).isEqualTo(kept + "{\"step\":3,\"x\":1}\n");
        }
    }

    @Test
    void aFreshStartLeavesNothing() throws IOException {
        Files.writeString(file(), "{\"step\":1}\n");
        JsonLines.open(file(), 0).close();
        assertThat(file()).isEmptyFile();
    }

    @Test
    void aLineThatIsNotOursIsNamed() throws IOException {
        Files.writeString(file(), "{\"step\":1}\nhello\n{\"step\":2}\n");
        assertThatThrownBy(() -> JsonLines.open(file(), 2))
                .isInstanceOf(InputException.class)
                .hasMessage(file() + ":2: not JSON, expected an object with a step");
        Files.writeString(file(), "{\"stop\":1}\n");
        assertThatThrownBy(() -> JsonLines.open(file(), 2))
                .isInstanceOf(InputException.class)
                .hasMessage(file() + ":1: has no step, expected an object with one");
    }

    private Path file() {
        return folder.resolve("metrics.jsonl");
    }
}
