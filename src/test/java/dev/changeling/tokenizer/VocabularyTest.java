package dev.changeling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.disk.Sha256;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {
    private static final String SPECIAL = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("vocab.txt");
    }

    @Test
    void savesTheBytesItLoaded() throws IOException {
        // U+2028 ends a line for some readers, but not in this format.
        String content = SPECIAL + "a\n##é\n\u2028\n\uD83D\uDE00\n";
        Files.writeString(file, content);
        Vocabulary vocabulary = Vocabulary.load(file);
        assertThat(vocabulary.size()).isEqualTo(9);
        assertThat(vocabulary.special()).isEqualTo(new SpecialTokens(0, 1, 2, 3, 4));
        assertThat(vocabulary.id("\uD83D\uDE00")).isEqualTo(8);
        assertThat(vocabulary.id("b")).isEqualTo(1);
        Path copy = folder.resolve("copy.txt");
        vocabulary.save(copy);
        assertThat(Files.readString(copy)).isEqualTo(content);
        assertThat(vocabulary.sha256()).isEqualTo(Sha256.of(content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void hashesAsSha256Does() {
        // The standard's own example, FIPS 180-4.
        assertThat(Sha256.of("a".getBytes(StandardCharsets.UTF_8), "bc".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void takesDosLineEndsAndAMissingLastOne() throws IOException {
        Files.writeString(file, (SPECIAL + "a\nb").replace("\n", "\r\n"));
        assertThat(Vocabulary.load(file).tokens()).endsWith("[MASK]", "a", "b");
    }

    @Test
    void namesTheEmptyLine() throws IOException {
        refuses(SPECIAL + "a\n\nb\n", "line 7: empty; expected a token");
    }

    @Test
    void namesBothLinesOfARepeatedToken() throws IOException {
        refuses(SPECIAL + "a\nb\na\n", "line 8: token 'a' again, first on line 6; expected each token once");
    }

    @Test
    void namesTheMissingSpecialToken() throws IOException {
        refuses(SPECIAL.replace("[SEP]\n", "") + "a\n", "none of its 5 tokens is [SEP]");
        refuses("", "none of its 0 tokens is [PAD]");
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        Files.write(file, new byte[] {'a', '\n', (byte) 0xFF});
        assertThatThrownBy(() -> Vocabulary.load(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": not UTF-8; expected a vocabulary, one token a line");
    }

    private void refuses(String content, String message) throws IOException {
        Files.writeString(file, content);
        assertThatThrownBy(() -> Vocabulary.load(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}
