package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestExports;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DetectCommandTest {
    private String model = "";

    @BeforeAll
    void writeAModel(@TempDir Path folder) throws IOException {
        model = TestExports.write(folder, 5).toString();
    }

    @Test
    void marksTheWordsOfEachText() {
        CommandRun run = CommandRun.of("detect", "--model", model, "--no-generator", "the old cat", "unlikely!");

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .satisfiesExactly(
                        legend -> assertThat(legend).contains("probability"),
                        line -> assertThat(unmarked(line)).isEqualTo("the old cat"),
                        line -> assertThat(unmarked(line)).isEqualTo("unlikely!"));
        assertThat(run.out()).containsPattern("\\[\\S+ 0\\.\\d\\d]");
    }

    @Test
    void writesALineForEachToken() {
        CommandRun run = CommandRun.of("detect", "--model", model, "--tokens", "unlikely cat");

        assertThat(run.out().lines().map(line -> line.replaceAll("^[01]\\.\\d{3}  ", "")))
                .containsExactly("un", "like", "ly", "cat", "");
    }

    @Test
    void readsLinesAndWritesAnObjectForEachThatIsNotBlank() {
        InputStream before = System.in;
        CommandRun run;
        try {
            System.setIn(new ByteArrayInputStream("the cat\n\nsat on\n".getBytes(StandardCharsets.UTF_8)));
            run = CommandRun.of("detect", "--model", model, "--json");
        } finally {
            System.setIn(before);
        }

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).hasSize(2);
        JsonNode last = JsonMapper.shared()
                .readTree(run.out().lines().skip(1).findFirst().orElseThrow());
        assertThat(last.at("/text").asString()).isEqualTo("sat on");
        assertThat(last.at("/words/1/text").asString()).isEqualTo("on");
        assertThat(last.at("/words/1/start").asInt()).isEqualTo(4);
        assertThat(last.at("/tokens/1/replaced").asDouble()).isBetween(0.0, 1.0);
    }

    @Test
    void saysThatThereIsNoModel() {
        CommandRun run = CommandRun.of("detect", "--model", "no/model", "text");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).startsWith("changeling: no/model").hasLineCount(1);
    }

    private static String unmarked(String line) {
        return line.replaceAll("\\[(\\S+) [01]\\.\\d\\d]", "$1");
    }

    @Test
    void writesEitherTokensOrJson() {
        CommandRun run = CommandRun.of("detect", "--model", model, "--json", "--tokens", "the cat");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("--tokens, --json are mutually exclusive");
    }
}
