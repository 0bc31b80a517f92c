package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestConfigs;
import dev.changeling.tokenizer.Vocabulary;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PiecesTest {
    private static Pieces pieces(String... tokens) {
        List<String> special = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
        return new Pieces(new Vocabulary(
                Stream.concat(special.stream(), Stream.of(tokens)).toList(), TestConfigs.SPECIAL));
    }

    @Test
    void wordPieceMarksWhatContinues() {
        Pieces pieces = pieces("un", "##like", "##");
        assertThat(pieces.canBegin(5, 1)).isTrue();
        assertThat(pieces.canContinue(5, 5)).isFalse();
        assertThat(pieces.canBegin(6, 5)).isFalse();
        assertThat(pieces.canContinue(5, 6)).isTrue();
        assertThat(pieces.text(new int[] {5, 6})).isEqualTo("unlike");
    }

    @Test
    void specialTokensAreNoWords() {
        Pieces pieces = pieces("un", "##like");
        for (int token = 0; token < 5; token++) {
            assertThat(pieces.canBegin(token, 5)).isFalse();
            assertThat(pieces.canContinue(5, token)).isFalse();
        }
    }

    @Test
    void othersMarkWhatBeginsAfterASpace() {
        Pieces pieces = pieces("\u2581un", "like", "un");
        assertThat(pieces.canBegin(5, 5)).isTrue();
        assertThat(pieces.canBegin(7, 5)).isFalse();
        assertThat(pieces.canBegin(7, 6)).isTrue();
        assertThat(pieces.canContinue(5, 6)).isTrue();
        assertThat(pieces.canContinue(5, 5)).isFalse();
        assertThat(pieces.text(new int[] {5, 6})).isEqualTo("unlike");
    }

    @Test
    void byteLevelTokensAreDecoded() {
        // "Ġcafé" and an inverted question mark beside a soft hyphen, as GPT-2's vocabulary writes their bytes.
        Pieces pieces = pieces("\u0120caf\u00C3\u00A9", "\u00C2\u00BF\u00C2\u0143");
        assertThat(pieces.text(new int[] {5})).isEqualTo("caf\u00E9");
        assertThat(pieces.text(new int[] {6})).isEqualTo("\u00BF\u00AD");
    }
}
