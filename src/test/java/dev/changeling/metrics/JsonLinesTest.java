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

    @Test
    void findsTheLastLineWithANumberUpToAStep() throws IOException {
        assertThat(JsonLines.last(file(), "score", 9)).isEmpty();
        Files.writeString(file(), """
                {"step":1,"loss":1.5}
                {"step":2,"score":0.5,"tokens":7,"lost":null}
                {"step":2,"loss":1.25}
                {"step":4,"score":0.25}
                {"step":5,"score":0.1""");

        Metrics second = JsonLines.last(file(), "score", 3).orElseThrow();
        assertThat(second.step()).isEqualTo(2);
        assertThat(second.finite("score")).hasValue(0.5);
        assertThat(second.values()).containsEntry("tokens", 7L).containsEntry("lost", Double.NaN);
        assertThat(JsonLines.last(file(), "score", 9).orElseThrow().step()).isEqualTo(4);
        assertThat(JsonLines.last(file(), "score", 1)).isEmpty();
        assertThat(JsonLines.last(file(), "scores", 9)).isEmpty();
    }

    private Path file() {
        return folder.resolve("metrics.jsonl");
    }
}
