package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    /** Tokens at these places, the n-th with probability n / 100. */
    private static List<DetectedWord> words(String text, int[]... places) {
        List<DetectedToken> tokens = new ArrayList<>();
        for (int[] place : places) {
            tokens.add(new DetectedToken(
                    text.substring(place[0], place[1]), place[0], place[1], (tokens.size() + 1) / 100.0));
        }
        return Words.of(text, tokens);
    }

    private static int[] at(int start, int end) {
        return new int[] {start, end};
    }

    @Test
    void piecesAreJoinedUnderTheHighestProbability() {
        assertThat(words("so unlikely.", at(0, 2), at(3, 5), at(5, 9), at(9, 11), at(11, 12)))
                .containsExactly(
                        new DetectedWord("so", 0, 2, 0.01),
                        new DetectedWord("unlikely", 3, 11, 0.04),
                        new DetectedWord(".", 11, 12, 0.05));
    }

    @Test
    void punctuationStandsAlone() {
        assertThat(words("don't!!", at(0, 3), at(3, 4), at(4, 5), at(5, 6), at(6, 7)))
                .extracting(DetectedWord::text)
                .containsExactly("don", "'", "t", "!", "!");
    }

    @Test
    void ideographsStandAloneAndMarksDoNot() {
        assertThat(words("中文", at(0, 1), at(1, 2))).hasSize(2);
        assertThat(words("कि", at(0, 1), at(1, 2))).hasSize(1);
        assertThat(words("𝒳𝒴", at(0, 2), at(2, 4))).containsExactly(new DetectedWord("𝒳𝒴", 0, 4, 0.02));
    }

    @Test
    void theSpaceBeforeAWordIsNotPartOfIt() {
        assertThat(words("a cat", at(0, 1), at(1, 4), at(4, 5)))
                .containsExactly(new DetectedWord("a", 0, 1, 0.01), new DetectedWord("cat", 2, 5, 0.03));
    }

    @Test
    void theBytesOfACharacterAreOneWord() {
        assertThat(words("☃", at(0, 1), at(0, 1))).containsExactly(new DetectedWord("☃", 0, 1, 0.02));
    }
}
