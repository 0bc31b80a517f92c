package dev.changeling.corpus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.changeling.error.InputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTextTest {
    @TempDir
    Path folder;

    private Path file(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static List<String> texts(Path path, UnaryOperator<CorpusOptions> options) throws IOException {
        return documents(options.apply(CorpusOptions.of(List.of(path.toString())))).stream()
                .map(Document::text)
                .toList();
    }

    private static List<String> texts(Path path) throws IOException {
        return texts(path, options -> options);
    }

    private static List<Document> documents(CorpusOptions options) throws IOException {
        List<Document> documents = new ArrayList<>();
        try (DocumentReader reader = Corpus.open(options)) {
            for (Document document = reader.next(); document != null; document = reader.next()) {
                documents.add(document);
            }
        }
        return documents;
    }

    static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    @Test
    void theBoundaryDividesText() throws IOException {
        Path file = file("a.txt", "\uFEFF\n\none\r\ntwo\n \t\nthree\n\n\nfour\nfive".getBytes(UTF_8));
        List<Document> documents = documents(CorpusOptions.of(List.of(file.toString())));
        assertThat(documents)
                .containsExactly(
                        new Document(file.toString(), 3, "one\ntwo"),
                        new Document(file.toString(), 6, "three"),
                        new Document(file.toString(), 9, "four\nfive"));
        assertThat(texts(file, o -> o.withBoundary(DocumentBoundary.LINE)))
                .containsExactly("one", "two", "three", "four", "five");
        assertThat(texts(file, o -> o.withBoundary(DocumentBoundary.FILE)))
                .containsExactly("one\ntwo\n \t\nthree\n\n\nfour\nfive");
    }

    @Test
    void compressedTextIsTheSameText() throws IOException {
        String text = "première\n\n" + "ligne longue ".repeat(20_000) + "\n\ndernière";
        byte[] plain = text.getBytes(UTF_8);
        List<String> expected = List.of(text.split("\n\n"));
        assertThat(texts(file("a.txt", plain))).isEqualTo(expected);
        assertThat(texts(file("b.txt.gz", gzip(plain)))).isEqualTo(expected);
        assertThat(texts(file("c.txt.zst", Zstd.compress(plain)))).isEqualTo(expected);
        // The first bytes decide, where the name is silent.
        assertThat(texts(file("d.txt", Zstd.compress(plain)))).isEqualTo(expected);

        byte[] head = Arrays.copyOf(plain, 5000);
        byte[] tail = Arrays.copyOfRange(plain, 5000, plain.length);
        assertThat(texts(file("e.txt.gz", join(join(gzip(head), gzip(tail)), new byte[512]))))
                .isEqualTo(expected);
        assertThat(texts(file("f.txt.zst", join(Zstd.compress(head), Zstd.compress(tail)))))
                .isEqualTo(expected);
    }

    @Test
    void damagedCompressionNamesTheFileAndHowFarItGot() throws IOException {
        byte[] plain = "some words of text and more ".repeat(10_000).getBytes(UTF_8);
        for (byte[] whole : List.of(gzip(plain), Zstd.compress(plain))) {
            String name = whole[0] == 0x1F ? "a.txt.gz" : "a.txt.zst";
            assertThatThrownBy(() -> texts(file(name, Arrays.copyOf(whole, whole.length - 3))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(name)
                    .hasMessageMatching("(?s).*damaged or truncated .* data after [0-9,]+ bytes of plain text.*");
            byte[] altered = whole.clone();
            altered[whole.length / 2] ^= 0x55;
            if (name.endsWith(".gz")) {
                assertThatThrownBy(() -> texts(file(name, altered)))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining(name);
            }
            assertThatThrownBy(() -> texts(file(name, join(whole, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(name);
            assertThatThrownBy(() -> texts(file(name, plain)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("its first bytes are not");
        }
        assertThatThrownBy(() -> texts(file("b.txt.zst", gzip(plain))))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("b.txt.zst: named .zst, but its first bytes are gzip");
    }

    @Test
    void malformedUtf8IsReplacedAndCountedOrRefused() throws IOException {
        byte[] bytes = "eins\nzw\u00E4i drei vier\nf\u00FCnf sechs".getBytes(ISO_8859_1);
        Path file = file("latin.txt", bytes);
        try (DocumentReader reader = Corpus.open(CorpusOptions.of(List.of(file.toString())))) {
            assertThat(reader.next())
                    .isEqualTo(new Document(file.toString(), 1, "eins\nzw\uFFFDi drei vier\nf\uFFFDnf sechs"));
            assertThat(reader.next()).isNull();
            assertThat(reader.invalidUtf8()).isEqualTo(2);
        }
        assertThatThrownBy(() -> texts(file, o -> o.withStrict(true)))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("latin.txt, line 2: malformed UTF-8 (byte 0xE4) at byte offset 7");

        byte[] late = join("word\n".repeat(50_000).getBytes(UTF_8), new byte[] {'a', (byte) 0xFF});
        assertThatThrownBy(() -> texts(file("late.txt", late), o -> o.withStrict(true)))
                .hasMessageEndingWith("late.txt, line 50001: malformed UTF-8 (byte 0xFF) at byte offset 250001");
        // A character cut in two by the end of the file.
        assertThat(texts(file("cut.txt", Arrays.copyOf("zwei \u20AC".getBytes(UTF_8), 7))))
                .containsExactly("zwei \uFFFD");
    }

    @Test
    void charactersOfEveryWidthSurviveBufferBoundaries() throws IOException {
        String unit = "a\u00E4\u20AC\uD83D\uDE00b";
        for (int shift = 0; shift < 12; shift++) {
            String text = "x".repeat(shift) + unit.repeat(20_000);
            assertThat(texts(file("wide.txt", text.getBytes(UTF_8)))).containsExactly(text);
        }
    }

    @Test
    void whatIsNoTextIsRefusedByName() throws IOException {
        assertThatThrownBy(() -> texts(file("nul.txt", new byte[] {'a', 0, 'b'})))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nul.txt: binary data (a NUL byte at byte offset 1)");
        byte[] noise = new byte[3000];
        Arrays.setAll(new int[noise.length], i -> noise[i] = (byte) (0x80 + i * 31 % 0x7F));
        assertThatThrownBy(() -> texts(file("noise.txt", noise)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("noise.txt")
                .hasMessageContaining("malformed UTF-8");
        for (String empty : List.of("", "\n \n\n")) {
            assertThatThrownBy(() -> texts(file("empty.txt", empty.getBytes(UTF_8))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("empty.txt: empty");
        }
    }

    @Test
    void longLinesAndDocumentsEndInAnErrorAndBoundedMemory() throws IOException {
        CorpusOptions options = CorpusOptions.of(List.of("-")).withMaximumDocumentLength(1000);
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'a';
            }
        };
        assertThatThrownBy(() -> Corpus.open(options, endless).next())
                .isInstanceOf(InputException.class)
                .hasMessage("<stdin>, line 1: longer than 1,000 characters, the longest document allowed");
        InputStream lines =
                new ByteArrayInputStream("\n".concat("a line\n".repeat(200)).getBytes(UTF_8));
        assertThatThrownBy(() -> Corpus.open(options, lines).next())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("<stdin>, line 145: the document that begins on line 2 grows longer than 1,000");
        String most = "a".repeat(1000);
        assertThat(texts(
                        file("most.txt", (most + "\r\n\r\n" + most).getBytes(UTF_8)),
                        o -> o.withMaximumDocumentLength(1000)))
                .containsExactly(most, most);
    }

    @Test
    void foldersAndGlobsAreReadInTheOrderOfNames() throws IOException {
        file("c/b.txt", "2".getBytes(UTF_8));
        file("c/a/z.txt.gz", gzip("1".getBytes(UTF_8)));
        file("c/c.txt", "3".getBytes(UTF_8));
        file("c/notes.md", "no".getBytes(UTF_8));
        file("c/.hidden.txt", "no".getBytes(UTF_8));
        assertThat(texts(folder.resolve("c"))).containsExactly("1", "2", "3");
        assertThat(texts(folder.resolve("c/*.txt"))).containsExactly("2", "3");
        assertThat(texts(folder.resolve("c/**.{gz,txt}"))).containsExactly("1", "2", "3");
        assertThat(texts(folder.resolve("c/notes.md"))).containsExactly("no");
        assertThat(documents(CorpusOptions.of(List.of(
                        folder.resolve("c/b.txt").toString(),
                        folder.resolve("c").toString()))))
                .extracting(Document::text)
                .containsExactly("2", "1", "3");
    }

    @Test
    void pathsWithoutTextAreRefused() throws IOException {
        Files.createDirectory(folder.resolve("bare"));
        for (List<String> message : List.of(
                List.of("missing.txt", "no such file or folder"),
                List.of("*.none", "no file matches"),
                List.of("bare", "no text file in this folder"))) {
            assertThatThrownBy(() -> texts(folder.resolve(message.get(0))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(message.get(0))
                    .hasMessageContaining(message.get(1));
        }
        assertThatThrownBy(() -> Corpus.open(CorpusOptions.of(List.of()))).isInstanceOf(InputException.class);
    }

    @Test
    void theLongestDocumentMayBeAsLongAsAStringCanBe() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "one\n\ntwo\n");
        CorpusOptions options = CorpusOptions.of(List.of(file.toString())).withMaximumDocumentLength(Integer.MAX_VALUE);
        try (DocumentReader reader = Corpus.open(options)) {
            assertThat(reader.next()).isEqualTo(new Document(file.toString(), 1, "one"));
        }
    }
}
