package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.github.luben.zstd.ZstdOutputStream;
import dev.changeling.TestExports;
import dev.changeling.inference.Encoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbedCommandTest {
    private static final int WIDTH = 24;
    private static final List<String> TEXTS = List.of("the old cat", "", "unlikely, \"a\" mat");

    @TempDir
    private Path temporary;

    private Path model = Path.of("");
    private float[][] vectors = {};

    @BeforeAll
    void writeAModel(@TempDir Path folder) throws IOException {
        model = TestExports.write(folder, 5);
        try (Encoder encoder = Encoder.load(model, TestExports.engine())) {
            vectors = encoder.embed(TEXTS);
        }
    }

    private CommandRun embed(String... arguments) {
        return CommandRun.of(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("embed", "--model", model.toString()),
                        java.util.Arrays.stream(arguments))
                .toArray(String[]::new));
    }

    private CommandRun embedInput(String input, String... arguments) {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            return embed(arguments);
        } finally {
            System.setIn(before);
        }
    }

    private void assertJsonLines(CommandRun run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSameSizeAs(TEXTS);
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = JsonMapper.shared().readTree(lines.get(i));
            assertThat(line.at("/text").asString()).isEqualTo(TEXTS.get(i));
            assertThat(line.at("/embedding").size()).isEqualTo(WIDTH);
            for (int unit = 0; unit < WIDTH; unit++) {
                assertThat((float) line.at("/embedding").get(unit).asDouble())
                        .isCloseTo(vectors[i][unit], within(1e-5f));
            }
        }
    }

    @Test
    void aNameThatTellsAnotherFormatIsRefused() {
        Path table = temporary.resolve("vectors.xlsx");
        CommandRun run = embed("cat", "--out", table.toString());
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("vectors.xlsx: its name ends in none of .jsonl, .csv, .npy");
        assertThat(table).doesNotExist();
        assertThat(embed("cat", "--out", table.toString(), "--format", "csv").code())
                .isZero();
        assertThat(table).content().doesNotContain("{");
    }

    @Test
    void writesAnObjectForEachArgument() {
        assertJsonLines(embed(TEXTS.toArray(String[]::new)));
    }

    @Test
    void writesAnObjectForEachLineOfStandardInputBlankOnesToo() {
        assertJsonLines(embedInput(String.join("\n", TEXTS) + "\n"));
    }

    @Test
    void readsFilesOfEachFormatBlankTextsToo() throws IOException {
        Path lines = Files.writeString(temporary.resolve("texts.txt"), String.join("\n", TEXTS) + "\n");
        Path table = Files.writeString(
                temporary.resolve("texts.csv"), "id,body\r\n1,the old cat\r\n2,\r\n3,\"unlikely, \"\"a\"\" mat\"\r\n");
        Path objects = temporary.resolve("texts.jsonl.zst");
        try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(objects))) {
            for (String text : TEXTS) {
                out.write((JsonMapper.shared().writeValueAsString(java.util.Map.of("body", text)) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        assertJsonLines(embed("--corpus", lines.toString()));
        assertJsonLines(embed("--field", "body", "--corpus", table.toString()));
        assertJsonLines(embed("--field", "body", "--corpus", objects.toString()));
    }

    @Test
    void writesCommaSeparatedValues() {
        CommandRun run = embed("--format", "csv", TEXTS.get(0), TEXTS.get(1), TEXTS.get(2));

        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0)).startsWith("text,0,1,").endsWith(",23");
        assertThat(lines.get(1)).startsWith("\"the old cat\",");
        assertThat(lines.get(3)).startsWith("\"unlikely, \"\"a\"\" mat\",");
        String[] numbers = lines.get(1).split(",");
        assertThat(numbers).hasSize(1 + WIDTH);
        for (int unit = 0; unit < WIDTH; unit++) {
            assertThat(Float.parseFloat(numbers[unit + 1])).isCloseTo(vectors[0][unit], within(1e-5f));
        }
    }

    @Test
    void writesNumpysArray() throws IOException {
        // More than one chunk, so that the number of rows is not known when the file begins.
        int count = 5000;
        Path input = Files.writeString(
                temporary.resolve("many.txt"),
                IntStream.range(0, count)
                        .mapToObj(i -> TEXTS.get(i % TEXTS.size()))
                        .collect(Collectors.joining("\n", "", "\n")));
        Path out = temporary.resolve("folder/vectors.npy");

        CommandRun run = embed("--corpus", input.toString(), "--out", out.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith(out + ": 5,000 texts, vectors of 24 numbers, ");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.get()).isEqualTo((byte) 0x93);
        byte[] name = new byte[5];
        bytes.get(name);
        assertThat(new String(name, StandardCharsets.US_ASCII)).isEqualTo("NUMPY");
        assertThat(bytes.getShort()).isEqualTo((short) 1); // version 1.0
        byte[] header = new byte[bytes.getShort()];
        bytes.get(header);
        assertThat(bytes.position() % 64).isZero();
        assertThat(new String(header, StandardCharsets.US_ASCII))
                .matches("\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(5000, 24\\), } +\n");
        assertThat(bytes.remaining()).isEqualTo(count * WIDTH * Float.BYTES);
        for (int row = 0; row < count; row++) {
            for (int unit = 0; unit < WIDTH; unit++) {
                assertThat(bytes.getFloat()).isCloseTo(vectors[row % TEXTS.size()][unit], within(1e-5f));
            }
        }
        assertThat(out.resolveSibling("")).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void writesTheTokensOfEachText() {
        CommandRun run = embed("--tokens", "unlikely cat");

        JsonNode text = JsonMapper.shared().readTree(run.out());
        assertThat(text.at("/truncated").asBoolean()).isFalse();
        assertThat(text.at("/tokens").size()).isEqualTo(4);
        assertThat(text.at("/tokens/3/text").asString()).isEqualTo("cat");
        assertThat(text.at("/tokens/3/start").asInt()).isEqualTo(9);
        assertThat(text.at("/tokens/3/vector").size()).isEqualTo(WIDTH);
    }

    @Test
    void scalesVectorsIfAskedTo() {
        JsonNode line = JsonMapper.shared()
                .readTree(embed("--normalize", "--pooling", "cls", "a mat").out());

        double sum = 0;
        for (JsonNode value : line.at("/embedding")) {
            sum += value.asDouble() * value.asDouble();
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
    }

    @Test
    void tellsHowManyTextsWereCut() {
        CommandRun run = embed("the cat ".repeat(20), "a mat", "the cat ".repeat(30));

        assertThat(run.code()).isZero();
        assertThat(run.err()).startsWith("2 texts were longer than 16 tokens").hasLineCount(1);
    }

    @Test
    void damagedInputLeavesTheOldFile() throws IOException {
        Path input = Files.writeString(temporary.resolve("bad.jsonl"), "{\"text\": \"a mat\"}\n{\"txt\": 1}\n");
        Path out = Files.writeString(temporary.resolve("old.csv"), "old");

        CommandRun run = embed("--corpus", input.toString(), "--out", out.toString());

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("bad.jsonl, line 2").hasLineCount(1);
        assertThat(out).hasContent("old");
        assertThat(temporary).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void refusesToWriteOverItsInput() throws IOException {
        Path input = Files.writeString(temporary.resolve("in.jsonl"), "{\"text\": \"a mat\"}\n");

        CommandRun run = embed("--corpus", temporary.toString(), "--out", input.toString());

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("would be part of the corpus").hasLineCount(1);
        assertThat(input).hasContent("{\"text\": \"a mat\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--format npy text                 | --format: npy needs --out",
                "--format xml text                 | found 'xml', expected jsonl, csv or npy",
                "--pooling max text                | found 'max', expected mean or cls",
                "--tokens --format csv text        | --tokens: needs --format jsonl",
                "--tokens --normalize text         | --tokens: goes without --pooling and --normalize",
                "--batch-size 0 text               | found '0', expected a whole number from 1",
                "text --corpus wordnet:            | found both TEXT and --corpus"
            })
    void refusesAWrongCall(String call, String expected) {
        CommandRun run = embed(call.split(" +"));

        assertThat(run.err()).contains(expected).hasLineCount(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--corpus no/file                  | no/file: no such file or folder",
                "--out . text                      | .: a folder; expected the name of a file"
            })
    void saysInOneLineWhatIsWrongWithAFile(String call, String expected) {
        CommandRun run = embed(call.split(" +"));

        assertThat(run.err()).contains(expected).hasLineCount(1);
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void saysThatThereIsNoModel() {
        CommandRun run = CommandRun.of("embed", "--model", "no/model", "text");

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).startsWith("changeling: no/model").hasLineCount(1);
    }
}
