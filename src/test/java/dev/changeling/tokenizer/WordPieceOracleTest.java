package dev.changeling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and offsets against Hugging Face's tokenizer, which the DJL library wraps. */
class WordPieceOracleTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCodePoint(boolean lowercase) throws IOException {
        // Every code point as a token of its own shows what it became; unknown ones would hide behind [UNK].
        List<String> tokens = new ArrayList<>(BertSpecialTokens.NAMES);
        for (int codePoint = 1; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (!isSurrogate(codePoint) && isInteresting(codePoint)) {
                tokens.add(Character.toString(codePoint));
                tokens.add("##" + Character.toString(codePoint));
            }
        }
        try (Pair pair = pair(Vocabulary.of(tokens, "test"), BertNormalization.of(lowercase))) {
            StringBuilder text = new StringBuilder();
            for (int codePoint = 1; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
                if (isSurrogate(codePoint)) {
                    continue;
                }
                text.append('a').appendCodePoint(codePoint).append("b ");
                if (codePoint % 512 == 0 || codePoint == Character.MAX_CODE_POINT) {
                    pair.assertSame(text.toString(), "up to U+%X".formatted(codePoint));
                    text.setLength(0);
                }
            }
        }
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Leaves out what is far from any change: the vocabulary is big enough as it is. */
    private static boolean isInteresting(int codePoint) {
        return codePoint < 0x20000 || (codePoint >= 0x2F800 && codePoint < 0x30000) || codePoint >> 12 == 0xE0;
    }

    private Pair pair(Vocabulary vocabulary, BertNormalization normalization) throws IOException {
        TokenizerFiles.write(folder, vocabulary, normalization, 512);
        return new Pair(
                new WordPieceTokenizer(vocabulary, normalization),
                Oracle.of(folder.resolve("tokenizer.json"), SpecialTokensInText.AS_TEXT));
    }

    private record Pair(Tokenizer ours, Oracle oracle) implements AutoCloseable {
        void assertSame(String text, String what) {
            Encoding expected = oracle.encode(text);
            Encoding actual = ours.encode(text);
            assertThat(actual.ids()).as("ids: %s", what).isEqualTo(expected.ids());
            assertThat(actual.starts()).as("starts: %s", what).isEqualTo(expected.starts());
            assertThat(actual.ends()).as("ends: %s", what).isEqualTo(expected.ends());
            assertThat(ours.ids(text)).as("ids only: %s", what).isEqualTo(expected.ids());
        }

        @Override
        public void close() {
            oracle.close();
        }
    }
}
