package dev.changeling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.github.luben.zstd.ZstdInputStream;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ids and offsets against Hugging Face's tokenizer, which the DJL library wraps: on a part of the text, or on all of it
 * with {@code -Doracle.full=true}, which takes minutes.
 */
class WordPieceOracleTest {
    private static final Path BOOKS = Path.of("../shared/data/books");
    private static final int BOOK_BYTES = 500_000;
    private static final boolean FULL = Boolean.getBoolean("oracle.full");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCodePointThatCanChangeAndSomeThatCannot(boolean lowercase) throws IOException {
        // A token for every code point shows what it became; unknown ones would hide behind [UNK].
        List<String> tokens = new ArrayList<>(BertSpecialTokens.NAMES);
        for (int codePoint = 1; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (canChange(codePoint) || (FULL && !isSurrogate(codePoint))) {
                tokens.add(Character.toString(codePoint));
                tokens.add("##" + Character.toString(codePoint));
            }
        }
        try (Both both = both(Vocabulary.of(tokens, "test"), BertNormalization.of(lowercase))) {
            StringBuilder text = new StringBuilder();
            for (int codePoint = 1; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
                if (!isSurrogate(codePoint) && (FULL || canChange(codePoint) || codePoint % 16 == 0)) {
                    text.append('a').appendCodePoint(codePoint).append("b ");
                }
                if (codePoint % 1024 == 0 || codePoint == Character.MAX_CODE_POINT) {
                    both.assertSame(text.toString(), "up to U+%X".formatted(codePoint));
                    text.setLength(0);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void europarl(boolean lowercase) throws IOException {
        List<String> lines = EuroparlText.everyNth(FULL ? 1 : 16);
        BertNormalization normalization = BertNormalization.of(lowercase);
        try (Both both = both(vocabulary(lines, normalization), normalization)) {
            for (int i = 0; i < lines.size(); i++) {
                both.assertSame(lines.get(i), "line " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void books(boolean lowercase) throws IOException {
        assumeThat(BOOKS).as("the books are not part of the project").exists();
        List<String> lines = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(BOOKS, FULL ? "*.zst" : "valid*.zst")) {
            for (Path file : files) {
                try (InputStream stream = new ZstdInputStream(Files.newInputStream(file))) {
                    byte[] text = stream.readNBytes(FULL ? Integer.MAX_VALUE : BOOK_BYTES);
                    new String(text, StandardCharsets.UTF_8).lines().forEach(lines::add);
                }
            }
        }
        BertNormalization normalization = BertNormalization.of(lowercase);
        try (Both both = both(vocabulary(lines, normalization), normalization)) {
            for (int i = 0; i < lines.size(); i++) {
                both.assertSame(lines.get(i), "line " + i);
            }
        }
    }

    static List<BertNormalization> normalizations() {
        return List.of(
                BertNormalization.UNCASED,
                BertNormalization.CASED,
                new BertNormalization(true, false),
                new BertNormalization(false, true));
    }

    @ParameterizedTest
    @MethodSource("normalizations")
    void hostileText(BertNormalization normalization) throws IOException {
        long seed = System.nanoTime();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < (FULL ? 100_000 : 3000); i++) {
            texts.add(HostileText.next(RandomStream.of(seed, Purpose.ORDER, i)));
        }
        try (Both both = both(vocabulary(texts, normalization), normalization)) {
            for (int i = 0; i < texts.size(); i++) {
                both.assertSame(texts.get(i), "seed " + seed + ", text " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void specialTokensInText(SpecialTokensInText special) throws IOException {
        List<String> tokens = new ArrayList<>(BertSpecialTokens.NAMES);
        tokens.addAll(List.of("[", "]", "a", "b", "##b", "mask", "##k", "mas", "cls", "un"));
        Vocabulary vocabulary = Vocabulary.of(tokens, "test");
        try (Both both = both(vocabulary, BertNormalization.UNCASED, special)) {
            for (String text : List.of(
                    "a [MASK] b",
                    "a[MASK]b[MASK][CLS]",
                    "[[MASK]]",
                    "[mask] [Mask] [MASK",
                    "[PAD][UNK][SEP]",
                    "[MASK\u0301] a\u0301[MASK]\u0301b",
                    "[MA\u0000SK]")) {
                both.assertSame(text, text);
            }
            int mask = vocabulary.special().mask();
            assertThat(both.ours.encode("a [MASK] b", special).ids())
                    .isEqualTo(
                            special == SpecialTokensInText.AS_TOKENS
                                    ? new int[] {vocabulary.id("a"), mask, vocabulary.id("b")}
                                    : new int[] {
                                        vocabulary.id("a"),
                                        vocabulary.id("["),
                                        vocabulary.id("mask"),
                                        vocabulary.id("]"),
                                        vocabulary.id("b")
                                    });
        }
    }

    @Test
    void severalThreadsAtOnce() throws IOException {
        List<String> lines = EuroparlText.everyNth(40);
        Vocabulary vocabulary = vocabulary(lines, BertNormalization.UNCASED);
        try (Tokenizer tokenizer = new WordPieceTokenizer(vocabulary, BertNormalization.UNCASED)) {
            List<int[]> alone = lines.stream().map(tokenizer::ids).toList();
            List<int[]> together = lines.parallelStream().map(tokenizer::ids).toList();
            assertThat(together).usingElementComparator(Arrays::compare).isEqualTo(alone);
        }
    }

    private static Vocabulary vocabulary(List<String> lines, BertNormalization normalization) throws IOException {
        VocabularySettings settings = new VocabularySettings(8000, normalization, 2, 3000);
        return new VocabularyTrainer(settings, VocabularyProgress.NONE).train(new LinesReader(lines), 2);
    }

    /** Leaves out ideographs without a decomposition, and planes 3 to 16 but for tags and variation selectors. */
    private static boolean canChange(int codePoint) {
        return !isSurrogate(codePoint)
                && (codePoint < 0x3400
                        || (codePoint > 0x9FFF && codePoint < 0x20000)
                        || (codePoint >= 0x2F800 && codePoint < 0x2FA20)
                        || codePoint >> 12 == 0xE0);
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private Both both(Vocabulary vocabulary, BertNormalization normalization) throws IOException {
        return both(vocabulary, normalization, SpecialTokensInText.AS_TEXT);
    }

    private Both both(Vocabulary vocabulary, BertNormalization normalization, SpecialTokensInText special)
            throws IOException {
        TokenizerFiles.write(folder, vocabulary, normalization, 512);
        return new Both(Tokenizers.load(folder), Oracle.of(folder.resolve("tokenizer.json"), special), special);
    }

    private record Both(Tokenizer ours, Oracle oracle, SpecialTokensInText special) implements AutoCloseable {
        void assertSame(String text, String what) {
            Encoding expected = oracle.encode(text);
            Encoding actual = ours.encode(text, special);
            assertThat(actual.ids()).as("ids: %s", what).isEqualTo(expected.ids());
            assertThat(actual.starts()).as("starts: %s", what).isEqualTo(expected.starts());
            assertThat(actual.ends()).as("ends: %s", what).isEqualTo(expected.ends());
            if (special == SpecialTokensInText.AS_TEXT) {
                assertThat(ours.ids(text)).as("ids only: %s", what).isEqualTo(expected.ids());
            }
        }

        @Override
        public void close() {
            oracle.close();
        }
    }
}
