package dev.changeling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizersTest {
    private static final Vocabulary PLAIN =
            Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b", "c"), "test");

    private static final String BPE = """
            {"added_tokens": [
               {"id": 0, "content": "<s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
               {"id": 4, "content": "<mask>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
             "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
             "pre_tokenizer": {"type": "WhitespaceSplit"},
             "model": {"type": "BPE", "unk_token": "<unk>",
               "vocab": {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": 4, "a": 5, "b": 6, "ab": 7},
               "merges": ["a b"]}}
            """;

    private static final String UNIGRAM = """
            {"added_tokens": [
               {"id": 0, "content": "[PAD]", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
             "model": {"type": "Unigram", "unk_id": 1, "vocab":
               [["[PAD]", 0.0], ["[UNK]", 0.0], ["[CLS]", 0.0], ["[SEP]", 0.0], ["[MASK]", 0.0], ["x", -1.0], ["xy", -1.5]]}}
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "tokenizer.json", "vocab.txt"})
    void aWrittenFolderRemembersCase(String name) throws IOException {
        for (BertNormalization normalization : WordPieceOracleTest.normalizations()) {
            TokenizerFiles.write(folder, PLAIN, normalization, 128);
            try (Tokenizer tokenizer = Tokenizers.load(folder.resolve(name))) {
                assertThat(tokenizer).isInstanceOf(WordPieceTokenizer.class);
                assertThat(((WordPieceTokenizer) tokenizer).normalization()).isEqualTo(normalization);
                assertThat(tokenizer.vocabulary().tokens()).isEqualTo(PLAIN.tokens());
                assertThat(tokenizer.fingerprint())
                        .isEqualTo(new WordPieceTokenizer(PLAIN, normalization).fingerprint());
            }
        }
    }

    @Test
    void aVocabularyAloneTellsByItsTokensHowItWasMade() throws IOException {
        assertThat(normalizationOf("a", "##b")).isEqualTo(BertNormalization.UNCASED);
        assertThat(normalizationOf("[unused1]", "[Unused2]", "東")).isEqualTo(BertNormalization.UNCASED);
        assertThat(normalizationOf("a", "##B")).isEqualTo(BertNormalization.CASED);
        assertThat(normalizationOf("é", "##B")).isEqualTo(BertNormalization.CASED);
        BertNormalization lowercaseWithAccents = new BertNormalization(true, false);
        assertThat(normalizationOf("a", "é")).isEqualTo(lowercaseWithAccents);
        assertThat(normalizationOf("\u0915", "##\u0941")).isEqualTo(lowercaseWithAccents);
    }

    @Test
    void fingerprintsTellTokenizersApart() {
        String uncased = new WordPieceTokenizer(PLAIN, BertNormalization.UNCASED).fingerprint();
        Vocabulary other = Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b"), "test");
        assertThat(uncased)
                .matches("[0-9a-f]{64}")
                .isEqualTo(new WordPieceTokenizer(PLAIN, BertNormalization.UNCASED).fingerprint())
                .isNotEqualTo(new WordPieceTokenizer(PLAIN, BertNormalization.CASED).fingerprint())
                .isNotEqualTo(new WordPieceTokenizer(other, BertNormalization.UNCASED).fingerprint());
    }

    @Test
    void opensBytePairEncoding() throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(write("bpe.json", BPE))) {
            assertThat(tokenizer.vocabulary().special()).isEqualTo(new SpecialTokens(1, 3, 0, 2, 4));
            assertThat(tokenizer.vocabulary().size()).isEqualTo(8);
            Encoding encoding = tokenizer.encode("ab a \uD83D\uDE00 ba");
            assertThat(encoding.ids()).containsExactly(7, 5, 3, 6, 5);
            assertThat(encoding.starts()).containsExactly(0, 3, 5, 8, 9);
            assertThat(encoding.ends()).containsExactly(2, 4, 7, 9, 10);
            assertThat(tokenizer.encode("a <mask>").ids()).containsExactly(5, 3);
            assertThat(tokenizer
                            .encode("a <mask>", SpecialTokensInText.AS_TOKENS)
                            .ids())
                    .containsExactly(5, 4);
            assertThat(tokenizer.ids("a \uD83D \u0000 a")).startsWith(5).endsWith(5);
            assertThat(tokenizer.ids("")).isEmpty();
        }
    }

    @Test
    void opensUnigram() throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(write("unigram.json", UNIGRAM))) {
            assertThat(tokenizer.vocabulary().special()).isEqualTo(new SpecialTokens(0, 1, 2, 3, 4));
            assertThat(tokenizer.ids("xyx")).containsExactly(6, 5);
            // The model itself knows [MASK] as a piece.
            assertThat(tokenizer.ids("x[MASK]x")).containsExactly(5, 1, 5);
        }
    }

    @Test
    void namesTheSpecialTokenThatIsMissing() throws IOException {
        Path file = write("bpe.json", BPE.replace("<pad>", "<fill>"));
        assertThatThrownBy(() -> Tokenizers.load(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": no token [PAD] or <pad>; a text encoder needs one");
    }

    @Test
    void namesTheIdThatIsMissing() throws IOException {
        Path file = write("bpe.json", BPE.replace("\"a\": 5", "\"a\": 9"));
        assertThatThrownBy(() -> Tokenizers.load(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no token has id 5");
    }

    @Test
    void refusesDamagedJson() throws IOException {
        Path cut = write("cut.json", "{\"model\":\n {\"type\": ");
        assertThatThrownBy(() -> Tokenizers.load(cut))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(cut + ": line 2: not JSON: ");
        Path list = write("list.json", "[]");
        assertThatThrownBy(() -> Tokenizers.load(list))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not a JSON object");
        Path empty = write("empty.json", "{}");
        assertThatThrownBy(() -> Tokenizers.load(empty))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model.vocab");
        Path unknown = write("unknown.json", BPE.replace("\"BPE\"", "\"Other\""));
        assertThatThrownBy(() -> Tokenizers.load(unknown))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(unknown + ": ");
    }

    @Test
    void refusesWhatIsNotThere() {
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("neither tokenizer.json nor vocab.txt");
        for (String name : List.of("none.json", "none.txt")) {
            assertThatThrownBy(() -> Tokenizers.load(folder.resolve(name)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("no such file");
        }
    }

    private BertNormalization normalizationOf(String... tokens) throws IOException {
        Path file = write("plain.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + String.join("\n", tokens));
        try (Tokenizer tokenizer = Tokenizers.load(file)) {
            return ((WordPieceTokenizer) tokenizer).normalization();
        }
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
