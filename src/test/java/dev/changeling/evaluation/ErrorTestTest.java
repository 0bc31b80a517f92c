package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.error.InputException;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTestTest {
    /** Words of one letter with a space between. */
    private static List<ScoredWord> scored(double... scores) {
        List<ScoredWord> words = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            words.add(new ScoredWord(2 * i, 2 * i + 1, scores[i]));
        }
        return words;
    }

    private static MarkedSentence parse(String line) {
        return MarkedSentence.parse(line, "errors.txt, line 3");
    }

    @Test
    void aMarkedSentenceKnowsItsError() {
        assertThat(parse("You <marker>was</marker> here.")).isEqualTo(new MarkedSentence("You was here.", 4, 7));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no mark at all                              | no mark",
                "<marker></marker> a                         | nothing between the marks",
                "</marker>a<marker>                          | nothing between the marks",
                "<marker>a</marker> <marker>b</marker>       | 2 × <marker> and 2 × </marker>",
                "<marker>a                                   | 1 × <marker> and 0 × </marker>"
            })
    void aSentenceWithoutOneMarkIsRefused(String line, String found) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(InputException.class)
                .hasMessage("errors.txt, line 3: found " + found + ", expected one <marker>error</marker>");
    }

    @Test
    void hitsChanceRanksAndAreasAreCounted() {
        ErrorTest test = new ErrorTest();
        // Found; the rarest is another.
        test.add(parse("a <marker>b</marker> c d"), scored(.1, .9, .2, .3), scored(5, 1, 2, 3));
        // Two words in the error, the better one second; the rarest is in the error.
        test.add(parse("a b <marker>c d</marker>"), scored(.6, .1, .5, .2), scored(1, 2, 3, 4));
        // Tied at the top with one other.
        test.add(parse("<marker>a</marker> b"), scored(.5, .5), scored(2, 1));

        assertThat(test.sentences()).isEqualTo(3);
        assertThat(test.suspected().hitRate()).isCloseTo((1 + 0 + .5) / 3, within(1e-12));
        assertThat(test.rarest().hitRate()).isCloseTo((0 + 1 + 1) / 3.0, within(1e-12));
        assertThat(test.chanceHitRate()).isCloseTo((.25 + .5 + .5) / 3, within(1e-12));
        assertThat(test.suspected().meanRank()).isCloseTo((1 + 2 + 1.5) / 3, within(1e-12));
        assertThat(test.rarest().meanRank()).isCloseTo((4 + 1 + 1) / 3.0, within(1e-12));
        assertThat(test.chanceMeanRank()).isCloseTo((5 / 2.0 + 5 / 3.0 + 3 / 2.0) / 3, within(1e-12));
        // Errors .9 .5 .2 .5 against .1 .2 .3 .6 .1 .5: 6 + 4.5 + 2.5 + 4.5 of 24 pairs.
        assertThat(test.suspected().auc()).isCloseTo(17.5 / 24, within(1e-12));
        Interval more = test.suspected().advantageOver(test.rarest());
        assertThat((more.low() + more.high()) / 2).isCloseTo((1 - 1 - .5) / 3, within(1e-12));
        assertThat(more.high() - more.low()).isCloseTo(2 * 1.959964 * Math.sqrt(13 / 12.0 / 3), within(1e-5));
    }

    @Test
    void sentencesInWhichNothingCanBeFoundAreLeftOut() {
        ErrorTest test = new ErrorTest();
        test.add(parse("a<marker> </marker>b"), scored(.1, .2), scored(1, 2));
        test.add(parse("<marker>a b</marker>"), scored(.1, .2), scored(1, 2));
        test.add(parse("<marker>a b</marker>"), List.of(), List.of());
        assertThat(test.leftOut()).isEqualTo(3);
        assertThat(test.sentences()).isZero();
        assertThat(test.suspected().hitRate()).isZero();
    }

    @Test
    void theIntervalOfAShareIsWilsons() {
        // R 4.3: prop.test(42, 100, correct = FALSE)$conf.int
        Interval interval = Interval.ofShare(0.42, 100);
        assertThat(interval.low()).isCloseTo(0.3280, within(5e-4));
        assertThat(interval.high()).isCloseTo(0.5179, within(5e-4));
        assertThat(Interval.ofShare(0, 10).low()).isZero();
        assertThat(Interval.ofMean(1).low()).isNaN();
    }

    @Test
    void aWordIsAsRareAsItsTokensTogether(@TempDir Path temporary) throws IOException {
        long[] counts = new long[TestExports.vocabulary().size()];
        counts[5] = 69;
        try (Tokenizer tokenizer = Tokenizers.load(TestExports.tokenizer(temporary))) {
            double[] rarities = new TokenRarity(tokenizer, counts)
                    .of("the unlikely cat", new int[] {0, 4, 13}, new int[] {3, 12, 16});
            double unseen = Math.log(69 + counts.length);
            assertThat(rarities[0]).isCloseTo(unseen - Math.log(70), within(1e-9));
            assertThat(rarities[1]).isCloseTo(3 * unseen, within(1e-9));
            assertThat(rarities[2]).isCloseTo(unseen, within(1e-9));
        }
    }
}
