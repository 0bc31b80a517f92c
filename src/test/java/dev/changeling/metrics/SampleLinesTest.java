package dev.changeling.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleLinesTest {
    private static final SampledSequence SEQUENCE = new SampledSequence(
            List.of("[CLS]", "a", "\"cat\""),
            List.of(Optional.empty(), Optional.of("a"), Optional.of("dog")),
            new float[] {0.012345f, Float.NaN, 1});

    @TempDir
    Path folder;

    @Test
    void aStepIsALine() throws IOException {
        try (SampleLines lines = SampleLines.open(file(), -1)) {
            lines.write(0, List.of(SEQUENCE, SEQUENCE));
        }
        String sequence = "{\"tokens\":[\"[CLS]\",\"a\",\"\\\"cat\\\"\"],\"originals\":[null,\"a\",\"dog\"],"
                + "\"probabilities\":[0.0123,null,1.0]}";
        assertThat(Files.readString(file()))
                .isEqualTo("{\"step\":0,\"sequences\":[" + sequence + "," + sequence + "]}\n");
    }

    @Test
    void aResumeRemovesLaterStepsAndATornLine() throws IOException {
        String kept = "{\"step\":0,\"sequences\":[]}\n{\"step\":2,\"sequences\":[]}\n";
        Files.writeString(file(), kept + "{\"step\":5,\"sequences\":[]}\n{\"step\":10,\"seq");
        SampleLines.open(file(), 4).close();
        assertThat(file()).hasContent(kept);
        SampleLines.open(file(), -1).close();
        assertThat(file()).isEmptyFile();
    }

    private Path file() {
        return folder.resolve("samples.jsonl");
    }
}
