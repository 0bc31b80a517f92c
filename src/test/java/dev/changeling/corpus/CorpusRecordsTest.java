package dev.changeling.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.changeling.error.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusRecordsTest {
    @TempDir
    Path folder;

    private List<Document> documents(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve(name), content);
        return documents(CorpusOptions.of(List.of(file.toString())).withField("body"), InputStream.nullInputStream());
    }

    private static List<Document> documents(CorpusOptions options, InputStream standardInput) throws IOException {
        List<Document> documents = new ArrayList<>();
        try (DocumentReader reader = Corpus.open(options, standardInput)) {
            for (Document document = reader.next(); document != null; document = reader.next()) {
                documents.add(document);
            }
        }
        return documents;
    }

    private void assertRefused(String name, String content, String message) {
        assertThatThrownBy(() -> documents(name, content.getBytes(UTF_8)))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder.resolve(name).toString())
                .hasMessageContaining(message);
    }

    @Test
    void jsonLinesGiveTheField() throws IOException {
        String lines = """
                {"id": 1, "body": "one \\u20ac\\nline", "nested": {"body": "not this", "list": [{}, 2]}}

                {"body": "", "id": 2}
                {"body": "two"}""";
        String name = folder.resolve("a.jsonl").toString();
        assertThat(documents("a.jsonl", lines.getBytes(UTF_8)))
                .containsExactly(new Document(name, 1, "one \u20AC\nline"), new Document(name, 4, "two"));
        assertThat(documents("a.jsonl.zst", Zstd.compress(lines.getBytes(UTF_8))))
                .extracting(Document::text)
                .containsExactly("one \u20AC\nline", "two");
    }

    @Test
    void badJsonLinesNameTheLineAndWhatIsWrong() {
        String good = "{\"body\": \"x\"}\n";
        assertRefused("a.jsonl", good + "[1, 2]", ", line 2: found an array; expected a JSON object");
        assertRefused("a.jsonl", good + "text", ", line 2, column ");
        assertRefused(
                "a.jsonl", good + good + "{\"text\": \"x\", \"id\": 3}", ", line 3: no field \"body\"; found text, id");
        assertRefused("a.jsonl", "{\"body\": 3}", ", line 1: field \"body\" is a number; expected a string");
        assertRefused("a.jsonl", "{\"body\": null}", ", line 1: field \"body\" is null; expected a string");
        assertRefused("a.jsonl", "{\"body\": \"x", ", line 1, column ");
        assertRefused("a.jsonl", "{\"body\": \"x\"} {\"body\": \"y\"}", ", line 1: something follows");
        assertRefused("a.jsonl", "{\"a\": " + "[".repeat(100_000), ", line 1: no valid JSON");
        assertRefused("a.jsonl", "", ": empty");
    }

    @Test
    void csvGivesTheColumn() throws IOException {
        String csv = "\uFEFFid,body\r\n1,\"a \"\"quoted\"\", text\nof two lines\"\r\n2,plain\r\n\r\n3,\r\n4,last";
        String name = folder.resolve("a.csv").toString();
        assertThat(documents("a.csv", csv.getBytes(UTF_8)))
                .containsExactly(
                        new Document(name, 2, "a \"quoted\", text\nof two lines"),
                        new Document(name, 4, "plain"),
                        new Document(name, 7, "last"));
        assertThat(documents("a.csv.gz", CorpusTextTest.gzip(csv.getBytes(UTF_8))))
                .hasSize(3);
    }

    @Test
    void badCsvNamesTheLineAndWhatIsWrong() {
        assertRefused("a.csv", "id,text\n1,x\n", ": no column \"body\" in its header; found id, text");
        assertRefused("a.csv", "id,body\n1,x\n2,y,z\n", ", line 3: 3 values in record 3; expected 2 as in the header");
        assertRefused("a.csv", "id,body\n1\n", ", line 2: 1 values in record 2; expected 2");
        assertRefused("a.csv", "id,body\n1,\"open\n", ", line 2: no valid CSV");
        assertRefused("a.csv", "id,body\n1,\"x\" y\n", ", line 2: no valid CSV");
        assertRefused("a.csv", "id,body\n", ": empty");
        assertRefused("a.csv", "", ": empty");
    }

    @Test
    void anOpenQuoteDoesNotFillTheMemory() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'a';
            }
        };
        InputStream in = new SequenceInputStream(new ByteArrayInputStream("body\n\"".getBytes(UTF_8)), endless);
        CorpusOptions options = CorpusOptions.of(List.of("-"))
                .withField("body")
                .withFormat(CorpusFormat.CSV)
                .withMaximumDocumentLength(100_000);
        assertThatThrownBy(() -> documents(options, in))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("<stdin>, line 2: the record is longer than 100,000 characters");
    }

    private Path parquet(String name, String select) throws SQLException {
        Path file = folder.resolve(name);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (" + select + ") TO '" + file.toString().replace("'", "''")
                    + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
        }
        return file;
    }

    @Test
    void parquetGivesTheColumnPlainCompressedAndPiped() throws IOException, SQLException {
        Path file = parquet(
                "o'ne [1].parquet",
                "SELECT range AS id, 'text \u20AC ' || range AS body, 'x' AS \"o\"\"dd\" FROM range(10000)");
        CorpusOptions options = CorpusOptions.of(List.of(file.toString())).withField("body");
        List<Document> documents = documents(options, InputStream.nullInputStream());
        assertThat(documents).hasSize(10_000);
        assertThat(documents.get(9999)).isEqualTo(new Document(file.toString(), 10_000, "text \u20AC 9999"));
        assertThat(documents(options.withField("o\"dd"), InputStream.nullInputStream()))
                .hasSize(10_000);

        byte[] bytes = Files.readAllBytes(file);
        assertThat(documents("b.parquet.gz", CorpusTextTest.gzip(bytes))).hasSize(10_000);
        assertThat(documents("c.parquet.zst", Zstd.compress(bytes))).hasSize(10_000);
        CorpusOptions piped = CorpusOptions.of(List.of("-")).withField("body").withFormat(CorpusFormat.PARQUET);
        assertThat(documents(piped, new ByteArrayInputStream(bytes)))
                .extracting(Document::text)
                .isEqualTo(documents.stream().map(Document::text).toList());
    }

    @Test
    void badParquetNamesTheFileAndWhatIsWrong() throws IOException, SQLException {
        Path file = parquet("a.parquet", "SELECT 1 AS id, 'x' AS text");
        byte[] bytes = Files.readAllBytes(file);
        assertThatThrownBy(() -> documents("a.parquet", bytes))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": no column \"body\"; found id, text");
        parquet("b.parquet", "SELECT 1 AS body");
        byte[] numbers = Files.readAllBytes(folder.resolve("b.parquet"));
        assertThatThrownBy(() -> documents("b.parquet", numbers))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("column \"body\" is of type INTEGER; expected strings");
        parquet("c.parquet", "SELECT CASE WHEN range < 2 THEN 'x' END AS body FROM range(5)");
        byte[] nulls = Files.readAllBytes(folder.resolve("c.parquet"));
        assertThatThrownBy(() -> documents("c.parquet", nulls))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("c.parquet, row 3: column \"body\" is null");
        for (byte[] damaged : List.of(Arrays.copyOf(bytes, bytes.length - 5), "plain text".getBytes(UTF_8))) {
            assertThatThrownBy(() -> documents("d.parquet", damaged))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("d.parquet: no Parquet file, or damaged");
        }
        assertRefused("e.parquet", "", ": empty");
    }

    @Test
    void aTextThatStandsTwiceIsRefused() {
        assertRefused("a.jsonl", "{\"body\": \"a\", \"body\": \"b\"}", "line 1: field \"body\" stands twice");
        assertRefused("a.csv", "body,id,body\na,1,b\n", "column \"body\" stands twice in its header");
    }

    @Test
    void jsonThatIsCutOffIsDescribedWithoutTheParsersWords() {
        assertThatThrownBy(() -> documents("a.jsonl", "{\"body\": \"a\"".getBytes(UTF_8)))
                .hasMessageEndingWith("no valid JSON: Unexpected end-of-input: expected close marker for Object");
    }

    @Test
    void blankTextsAreKeptIfAskedFor() throws IOException {
        Path lines = Files.writeString(folder.resolve("a.txt"), "one\n\n \nfour\n");
        Path objects = Files.writeString(folder.resolve("a.jsonl"), "{\"body\": \"\"}\n{\"body\": \"two\"}\n");
        Path table = Files.writeString(folder.resolve("a.csv"), "id,body\r\n1,\r\n2,two\r\n");
        CorpusOptions options = CorpusOptions.of(List.of(lines.toString(), objects.toString(), table.toString()))
                .withBoundary(DocumentBoundary.LINE)
                .withField("body");

        assertThat(documents(options.withBlank(true), InputStream.nullInputStream()))
                .extracting(Document::text)
                .containsExactly("one", "", " ", "four", "", "two", "", "two");
        assertThat(documents(options, InputStream.nullInputStream()))
                .extracting(Document::text)
                .containsExactly("one", "four", "two", "two");
    }
}
