package dev.changeling.task;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableReaderTest {
    private static final TableColumns TEXT = TableColumns.oneLabel(List.of("text"), "label");
    private static final TableColumns PAIR = TableColumns.oneLabel(List.of("a", "b"), "label");
    private static final TableColumns SEVERAL = TableColumns.severalLabels(List.of("text"), "label");

    @TempDir
    Path folder;

    private Path file(String name, String content) throws IOException {
        return Files.write(folder.resolve(name), content.getBytes(UTF_8));
    }

    private List<TextExample> read(String name, String content, TableColumns columns) throws IOException {
        return TableReader.readAll(file(name, content), columns);
    }

    private TextExample example(String name, long line, String first, @Nullable String second, String... labels) {
        return new TextExample(folder.resolve(name).toString(), line, first, second, List.of(labels));
    }

    private void assertRefused(String name, String content, TableColumns columns, String message) {
        assertThatThrownBy(() -> read(name, content, columns))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder.resolve(name).toString() + message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void tsvTakesQuotesAsTheyStand() throws IOException {
        String tsv = "id\tlabel\ttext\r\n1\t good \t\"a \"bare\" quote\r\n\r\n2\tbad\tit's, \\ \"\n3\tbad\t'\"x\"'";
        assertThat(read("a.tsv", tsv, TEXT))
                .containsExactly(
                        example("a.tsv", 2, "\"a \"bare\" quote", null, "good"),
                        example("a.tsv", 4, "it's, \\ \"", null, "bad"),
                        example("a.tsv", 5, "'\"x\"'", null, "bad"));
    }

    @Test
    void csvIsQuotedAndGivesPairs() throws IOException {
        String csv = "\uFEFFa,b,label\n\"one, \"\"two\"\"\nlines\", y ,2.50\nx,z,-1\n";
        assertThat(read("a.csv", csv, PAIR))
                .containsExactly(
                        example("a.csv", 2, "one, \"two\"\nlines", " y ", "2.50"), example("a.csv", 4, "x", "z", "-1"));
    }

    @Test
    void jsonLinesTakeLabelsOfAnyKind() throws IOException {
        String lines = """
                {"text": "one \\u20ac", "label": "good", "more": {"text": [1]}}

                {"label": 1, "text": "two"}
                {"label": 2.50, "text": "three"}
                {"label": true, "text": "four"}
                """;
        assertThat(read("a.jsonl", lines, TEXT))
                .containsExactly(
                        example("a.jsonl", 1, "one \u20AC", null, "good"),
                        example("a.jsonl", 3, "two", null, "1"),
                        example("a.jsonl", 4, "three", null, "2.50"),
                        example("a.jsonl", 5, "four", null, "true"));
    }

    @Test
    void severalLabelsMayApplyOrNone() throws IOException {
        assertThat(read("a.tsv", "text\tlabel\nx\ta | b\ny\t\nz\tc\n", SEVERAL))
                .extracting(TextExample::labels)
                .containsExactly(List.of("a", "b"), List.of(), List.of("c"));
        String lines = """
                {"text": "x", "label": ["a|c", 2]}
                {"text": "x", "label": []}
                {"text": "x", "label": "b|a"}
                {"text": "x", "label": ""}
                {"text": "x", "label": 3}""";
        assertThat(read("a.jsonl", lines, SEVERAL))
                .extracting(TextExample::labels)
                .containsExactly(List.of("a|c", "2"), List.of(), List.of("b", "a"), List.of(), List.of("3"));
        assertThat(read("b.csv", "text,label\nx,\"a;b\"\n", new TableColumns(List.of("text"), "label", ";")))
                .extracting(TextExample::labels)
                .containsExactly(List.of("a", "b"));
        assertThat(read("c.tsv", "text\tlabel\nx\ta|b\n", TEXT))
                .extracting(TextExample::labels)
                .containsExactly(List.of("a|b"));
    }

    @Test
    void textsWithoutLabelsAreReadWhereNoneAreWanted() throws IOException {
        TableColumns columns = TableColumns.withoutLabels(List.of("text"));
        assertThat(read("a.tsv", "text\nx\ny\n", columns))
                .containsExactly(example("a.tsv", 2, "x", null), example("a.tsv", 3, "y", null));
        assertThat(read("a.jsonl", "{\"text\": \"x\", \"label\": null}", columns))
                .containsExactly(example("a.jsonl", 1, "x", null));
    }

    @Test
    void compressedFilesGiveTheSame() throws IOException {
        byte[] plain = "text\tlabel\nx\t1\ny\t0\n".getBytes(UTF_8);
        Files.write(folder.resolve("a.tsv.zst"), Zstd.compress(plain));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        Files.write(folder.resolve("a.tsv.gz"), bytes.toByteArray());
        for (String name : List.of("a.tsv.zst", "a.tsv.gz")) {
            assertThat(TableReader.readAll(folder.resolve(name), TEXT))
                    .containsExactly(example(name, 2, "x", null, "1"), example(name, 3, "y", null, "0"));
        }
    }

    @Test
    void columnsThatAreNotThereOnceAreRefused() {
        assertRefused("a.tsv", "text\tlable\nx\t1\n", TEXT, ": no column \"label\" in its header; found text, lable");
        assertRefused("a.csv", "text,label,text\nx,1,y\n", TEXT, ": column \"text\" stands twice in its header");
        assertRefused("a.jsonl", "{\"text\": \"x\"}", TEXT, ", line 1: no field \"label\"; found text");
        assertRefused("a.jsonl", "{\"c\": 1, \"b\": \"x\", \"d\": 1}", PAIR, ", line 1: no field \"a\"; found c, b, d");
        assertRefused(
                "a.jsonl",
                "{\"text\": \"x\", \"label\": 1, \"label\": 2}",
                TEXT,
                ", line 1: field \"label\" stands twice; expected it once");
    }

    @Test
    void damagedRowsNameTheLine() {
        String head = "text\tlabel\nx\t1\n";
        assertRefused("a.tsv", head + "y\t1\tz\n", TEXT, ", line 3: 3 values in record 3; expected 2 as in the header");
        assertRefused("a.tsv", head + "y\n", TEXT, ", line 3: 1 values in record 3; expected 2");
        assertRefused("a.csv", "text,label\n\"x,1\n", TEXT, ", line 2: no valid CSV: ");
        assertRefused(
                "a.jsonl", "{\"text\": \"x\", \"label\": 1}\n{\"text\"", TEXT, ", line 2, column 8: no valid JSON");
        assertRefused(
                "a.jsonl",
                "{\"text\": 3, \"label\": 1}",
                TEXT,
                ", line 1: field \"text\" is a number; expected a string");
    }

    @Test
    void emptyTextsAndLabelsNameTheLine() {
        assertRefused("a.tsv", "text\tlabel\nx\t1\n \t1\n", TEXT, ", line 3: column \"text\" is empty; expected text");
        assertRefused("a.csv", "a,b,label\nx,,1\n", PAIR, ", line 2: column \"b\" is empty; expected text");
        assertRefused(
                "a.tsv", "text\tlabel\nx\t1\ny\t \n", TEXT, ", line 3: column \"label\" is empty; expected a label");
        assertRefused(
                "a.tsv",
                "text\nx\n\ny\n",
                TableColumns.withoutLabels(List.of("text")),
                ", line 3: column \"text\" is empty");
        assertRefused(
                "a.jsonl",
                "{\"text\": \"x\", \"label\": null}",
                TEXT,
                ", line 1: column \"label\" is null; expected a label");
        assertRefused(
                "a.jsonl",
                "{\"text\": \"x\", \"label\": [1]}",
                TEXT,
                ", line 1: column \"label\" is an array; expected one label");
        assertRefused(
                "a.jsonl",
                "{\"text\": \"x\", \"label\": [[1], 2]}",
                SEVERAL,
                ", line 1: column \"label\" is an array of arrays");
        assertRefused("a.tsv", "text\tlabel\nx\ta||b\n", SEVERAL, ", line 2: column \"label\" holds an empty label");
        assertRefused(
                "a.tsv", "text\tlabel\nx\ta|a\n", SEVERAL, ", line 2: column \"label\" holds the label \"a\" twice");
    }

    @Test
    void filesWithNothingInThemAreRefused() {
        assertRefused("a.tsv", "", TEXT, ": empty; expected a header and at least one row");
        assertRefused("a.tsv", "text\tlabel\n", TEXT, ": no rows; expected at least one");
        assertRefused("a.csv", "text,label", TEXT, ": no rows; expected at least one");
        assertRefused("a.jsonl", "\n", TEXT, ": no rows; expected at least one");
        assertRefused("a.txt", "x", TEXT, ": its name ends in none of .tsv, .csv, .jsonl");
        assertRefused("tsv.gz", "x", TEXT, ": its name ends in none of .tsv, .csv, .jsonl");
        assertRefused("a.tsv.gz", "text\tlabel\n", TEXT, ": named .gz, but its first bytes are not gzip");
        assertThatThrownBy(() -> TableReader.readAll(folder.resolve("none.tsv"), TEXT))
                .isInstanceOf(InputException.class)
                .hasMessage(folder.resolve("none.tsv") + ": can't be read: no such file or folder");
        assertThatThrownBy(() -> TableReader.readAll(Files.createDirectory(folder.resolve("d.tsv")), TEXT))
                .isInstanceOf(InputException.class)
                .hasMessage(folder.resolve("d.tsv") + ": can't be read: a folder; expected a file");
    }

    @Test
    void malformedUtf8IsRefusedInEveryFormat() throws IOException {
        for (String name : List.of("a.tsv", "a.csv", "a.jsonl")) {
            String separator = name.equals("a.csv") ? "," : "\t";
            String content = name.equals("a.jsonl")
                    ? "{\"text\": \"x\", \"label\": 1}\n{\"text\": \"caf\u00E9\", \"label\": 1}\n"
                    : "text" + separator + "label\ncaf\u00E9" + separator + "1\n";
            Path file = Files.write(folder.resolve(name), content.getBytes(ISO_8859_1));
            assertThatThrownBy(() -> TableReader.readAll(file, TEXT))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith(file + ", line 2: malformed UTF-8 (byte 0xE9)");
        }
    }

    @Test
    void impossibleColumnsAreRefused() {
        assertThatThrownBy(() -> TableColumns.withoutLabels(List.of())).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> TableColumns.withoutLabels(List.of("a", "b", "c")))
                .isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> TableColumns.oneLabel(List.of("a", "b"), "a")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> new TableColumns(List.of("a"), "b", "")).isInstanceOf(UsageException.class);
    }

    @ParameterizedTest
    @CsvSource({"sst2-train, 60614", "sst2-dev, 6735", "cola-train, 8551", "cola-dev, 527"})
    void realTasksAreReadWhole(String name, int count) {
        Path file = Path.of("../shared/data/tasks", name + ".tsv");
        assumeTrue(Files.exists(file), "the task is not there: " + file);

        List<TextExample> examples = TableReader.readAll(file, TableColumns.oneLabel(List.of("sentence"), "label"));

        assertThat(examples).hasSize(count);
        assertThat(Labels.of(examples).names()).containsExactly("0", "1");
        List<Long> lines =
                new ArrayList<>(examples.stream().map(TextExample::line).toList());
        assertThat(lines).startsWith(2L).endsWith(count + 1L);
        List<Long> sorted = new ArrayList<>(lines);
        Collections.sort(sorted);
        assertThat(lines).isEqualTo(sorted);
    }
}
