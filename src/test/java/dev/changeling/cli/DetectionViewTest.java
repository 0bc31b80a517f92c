package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.inference.DetectedWord;
import dev.changeling.inference.Detection;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionViewTest {
    private static final Detection DETECTION = new Detection(
            " the cat  barked.",
            List.of(),
            List.of(
                    new DetectedWord("the", 1, 4, 0.004),
                    new DetectedWord("cat", 5, 8, 0.2),
                    new DetectedWord("barked", 10, 16, 0.644),
                    new DetectedWord(".", 16, 17, 1)));

    @Test
    void marksSuspectedWordsWithTheirProbability() {
        assertThat(new DetectionView(false).render(DETECTION)).isEqualTo(" the cat  [barked 0.64][. 1.00]");
    }

    @Test
    void marksWordsThatAreMoreLikelyReplacedThanNot() {
        Detection detection = new Detection(
                "a b", List.of(), List.of(new DetectedWord("a", 0, 1, 0.49), new DetectedWord("b", 2, 3, 0.5)));
        assertThat(new DetectionView(false).render(detection)).isEqualTo("a [b 0.50]");
    }

    @Test
    void coloursSuspectedWordsTheMoreTheMoreSuspected() {
        String coloured = new DetectionView(true).render(DETECTION);

        assertThat(coloured)
                .isEqualTo(" the cat  \u001b[48;5;203;38;5;231mbarked\u001b[0m\u001b[48;5;160;38;5;231m.\u001b[0m");
    }

    @Test
    void leavesATextWithoutWordsAsItIs() {
        assertThat(new DetectionView(true).render(new Detection("  ", List.of(), List.of())))
                .isEqualTo("  ");
    }
}
