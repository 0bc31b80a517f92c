package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.TestTokenizers;
import dev.changeling.config.MaskingConfig;
import dev.changeling.random.Purpose;
import dev.changeling.tokenizer.Encoding;
import dev.changeling.tokenizer.TokenTable;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masks of words, told by the text that their tokens came from. */
class WholeWordsOfAnyTokenizerTest {
    private static final long SEED = 5;
    private static final String TEXT = "cats sat, (cats) sat on mats. mats sat-on cats; on cats, cats sat.";
    private static final List<String> WORDS = List.of("cat", "mat", "on");
    private static final List<String> PIECES = List.of("s", "a", "t", "c", "m", "o", "n", ",", ".", "(", ")", "-", ";");

    @TempDir
    Path temporary;

    @Test
    void byteLevelWordsAreMaskedWholeOrNotAtAll() throws IOException {
        assertWordsAreMaskedWhole(TestTokenizers.byteLevel(temporary.resolve("tokenizer.json"), WORDS, PIECES));
    }

    @Test
    void sentencePieceWordsAreMaskedWholeOrNotAtAll() throws IOException {
        assertWordsAreMaskedWhole(TestTokenizers.sentencePiece(temporary.resolve("tokenizer.json"), WORDS, PIECES));
    }

    private static void assertWordsAreMaskedWhole(Path file) throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(file)) {
            TokenTable table = TokenTable.of(
                    tokenizer.vocabulary(), new long[tokenizer.vocabulary().size()]);
            Encoding encoding = tokenizer.encode(TEXT);
            int[] ids = encoding.ids();
            int[] row = IntStream.concat(
                            IntStream.concat(IntStream.of(TestConfigs.SPECIAL.classify()), Arrays.stream(ids)),
                            IntStream.of(TestConfigs.SPECIAL.separator()))
                    .toArray();
            Masking masking =
                    new Masking(new MaskingConfig(0.3, 1, 0.005, MaskingConfig.Unit.WHOLE_WORD, 0.85, 0), table);
            Set<Boolean> maskedPieces = new HashSet<>();
            Set<Boolean> alikeAcrossWords = new HashSet<>();
            for (long step = 0; step < 50; step++) {
                Set<Integer> masked = new HashSet<>();
                Arrays.stream(masking.draw(
                                        TestBatches.row(row.length, row),
                                        0,
                                        new RowRandom(SEED, Purpose.MASKING, step, 0))
                                .positions())
                        .forEach(masked::add);
                assertThat(masked).isNotEmpty();
                for (int i = 1; i < ids.length; i++) {
                    boolean alike = masked.contains(i) == masked.contains(i + 1);
                    if (isOneWord(encoding, i)) {
                        assertThat(alike).as("tokens %d and %d", i - 1, i).isTrue();
                        maskedPieces.add(masked.contains(i));
                    } else {
                        alikeAcrossWords.add(alike);
                    }
                }
            }
            assertThat(maskedPieces).containsExactlyInAnyOrder(true, false);
            assertThat(alikeAcrossWords).containsExactlyInAnyOrder(true, false);
        }
    }

    /** Returns whether no space or punctuation stands between a token and the one before it, and neither is any. */
    private static boolean isOneWord(Encoding encoding, int token) {
        String both = TEXT.substring(encoding.starts()[token - 1], encoding.ends()[token]);
        return both.stripLeading().chars().allMatch(Character::isLetter);
    }
}
