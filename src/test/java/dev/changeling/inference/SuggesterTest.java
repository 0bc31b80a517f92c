package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.Pretrained;
import dev.changeling.model.Generator;
import dev.changeling.model.MaskedTokenPredictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vocabulary of the tests: 5 the, 6 old, 7 cat, 8 sat, 9 on, 13 un, 14 ##like, 15 ##ly; 4 is [MASK]. */
class SuggesterTest {
    private static final int ALL = 1000;

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void export() throws IOException {
        folder = TestExports.write(temporary, 8).resolveSibling("generator");
    }

    private Suggester suggester() throws IOException {
        return Suggester.load(folder, TestExports.engine());
    }

    private static DetectedWord word(String text, String word) {
        int start = text.indexOf(word);
        return new DetectedWord(word, start, start + word.length(), 0.9);
    }

    private float[] predicted(int[] sequence, int position) throws IOException {
        try (Pretrained<Generator> read = HuggingFaceImport.readGenerator(folder, TestExports.engine())) {
            return MaskedTokenPredictor.of(read.model(), read.padding())
                    .predict(List.of(sequence), new int[] {position})
                    .get(0);
        }
    }

    private Expectation expect(String text, String word, int most) throws IOException {
        try (Suggester suggester = suggester()) {
            return suggester.expect(text, List.of(word(text, word)), most).get(0);
        }
    }

    @Test
    void aWordOfOnePieceIsHiddenByOneMask() throws IOException {
        float[] logProbabilities = predicted(new int[] {2, 5, 4, 8, 3}, 2);

        Expectation expectation = expect("The CAT sat", "CAT", ALL);

        assertThat(expectation.original()).isCloseTo(Math.exp(logProbabilities[7]), within(1e-6));
        assertThat(expectation.expected())
                .extracting(Expected::probability)
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
        // Every token but the special ones, the continuations and the word itself.
        assertThat(expectation.expected())
                .hasSize(TestExports.vocabulary().size() - 5 - 2 - 1)
                .extracting(Expected::text)
                .contains("old", ".")
                .doesNotContain("cat", "like", "##like", "[UNK]");
        Expected old = expectation.expected().stream()
                .filter(expected -> expected.text().equals("old"))
                .findFirst()
                .orElseThrow();
        assertThat(old.probability()).isCloseTo(Math.exp(logProbabilities[6]), within(1e-6));
        assertThat(expect("The CAT sat", "CAT", 3).expected())
                .isEqualTo(expectation.expected().subList(0, 3));
    }

    @Test
    void theProbabilitiesOfTheVocabularyAddUpToOne() throws IOException {
        double sum = 0;
        for (float logProbability : predicted(new int[] {2, 5, 4, 8, 3}, 2)) {
            sum += Math.exp(logProbability);
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
    }

    @Test
    void aWordOfSeveralPiecesIsHiddenByOneMaskAndByAsManyAsItHasPieces() throws IOException {
        float[] one = predicted(new int[] {2, 5, 4, 8, 3}, 2);
        float[] first = predicted(new int[] {2, 5, 4, 4, 4, 8, 3}, 2);
        float[] second = predicted(new int[] {2, 5, 13, 4, 4, 8, 3}, 3);
        float[] third = predicted(new int[] {2, 5, 13, 14, 4, 8, 3}, 4);
        float[] other = predicted(new int[] {2, 5, 13, 15, 4, 8, 3}, 4);

        Expectation expectation = expect("the unlikely sat", "unlikely", ALL);

        assertThat(expectation.original()).isCloseTo(Math.exp(first[13] + second[14] + third[15]), within(1e-6));
        assertThat(expectation.expected())
                .anySatisfy(expected -> {
                    assertThat(expected.text()).isEqualTo("old");
                    assertThat(expected.probability()).isCloseTo(Math.exp(one[6]), within(1e-6));
                })
                .anySatisfy(expected -> {
                    assertThat(expected.text()).isEqualTo("unlylike");
                    assertThat(expected.probability())
                            .isCloseTo(Math.exp(first[13] + second[15] + other[14]), within(1e-6));
                })
                .noneSatisfy(expected -> assertThat(expected.text()).isEqualTo("unlikely"));
        assertThat(expectation.expected()).extracting(Expected::text).doesNotHaveDuplicates();
    }

    @Test
    void aLongTextIsReadAroundTheWord() throws IOException {
        String before = "the old cat sat on a mat. ".repeat(20);
        String text = before + "cat" + " the old cat sat on a mat.".repeat(20);
        DetectedWord word = new DetectedWord("cat", before.length(), before.length() + 3, 1);
        float[] logProbabilities = predicted(new int[] {2, 7, 8, 9, 10, 11, 12, 4, 5, 6, 7, 8, 9, 10, 11, 3}, 7);
        try (Suggester suggester = suggester()) {
            assertThat(suggester.expect(text, List.of(word), 1).get(0).original())
                    .isCloseTo(Math.exp(logProbabilities[7]), within(1e-6));
        }
    }

    @Test
    void whatTheVocabularyDoesNotKnowHasNoProbabilityButCandidates() throws IOException {
        Expectation emoji = expect("the \uD83D\uDE00 sat", "\uD83D\uDE00", 3);
        assertThat(emoji.original()).isNull();
        assertThat(emoji.expected()).hasSize(3);

        String endless = "unlylikelikelikelikelikelikelikely".repeat(2);
        Expectation longest = expect("the " + endless + " sat", endless, 3);
        assertThat(longest.original()).isNull();
        assertThat(longest.expected()).hasSize(3);
    }

    @Test
    void aPlaceWithoutATokenHasNoCandidates() throws IOException {
        try (Suggester suggester = suggester()) {
            List<DetectedWord> words = List.of(new DetectedWord(" ", 3, 4, 1));
            assertThat(suggester.expect("the cat", words, 3)).containsExactly(new Expectation(null, List.of()));
            assertThat(suggester.expect("the cat", List.of(), 3)).isEmpty();
        }
    }

    @Test
    void wordsAreAskedAboutEachByItself() throws IOException {
        String text = "the unlikely cat sat on a mat. ".repeat(8);
        List<DetectedWord> words = new ArrayList<>();
        for (int at = text.indexOf("cat"); at >= 0; at = text.indexOf("cat", at + 1)) {
            words.add(new DetectedWord("cat", at, at + 3, 1));
            words.add(new DetectedWord("unlikely", at - 9, at - 1, 1));
        }
        words.addAll(List.copyOf(words));
        try (Suggester suggester = suggester()) {
            List<Expectation> together = suggester.expect(text, words, 3);
            for (int i = 0; i < words.size(); i++) {
                Expectation alone =
                        suggester.expect(text, List.of(words.get(i)), 3).get(0);
                assertThat(together.get(i).original()).isCloseTo(alone.original(), within(1e-6));
                assertThat(together.get(i).expected())
                        .extracting(Expected::text)
                        .isEqualTo(alone.expected().stream().map(Expected::text).toList());
            }
        }
    }

    @Test
    void severalThreadsGetWhatOneGets() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        String text = "the unlikely cat";
        List<DetectedWord> words = List.of(word(text, "unlikely"), word(text, "cat"));
        try (Suggester suggester = suggester()) {
            List<Expectation> expected = suggester.expect(text, words, 3);
            List<Future<List<Expectation>>> futures = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                futures.add(threads.submit(() -> suggester.expect(text, words, 3)));
            }
            for (Future<List<Expectation>> future : futures) {
                assertThat(future.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aClosedSuggesterSaysSo() throws IOException {
        Suggester suggester = suggester();
        suggester.close();
        suggester.close();
        assertThatThrownBy(() -> suggester.expect("a", List.of(word("a", "a")), 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the suggester is closed");
    }
}
