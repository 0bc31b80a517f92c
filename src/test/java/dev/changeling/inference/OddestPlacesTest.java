package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OddestPlacesTest {
    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void export() throws IOException {
        folder = TestExports.write(temporary, 8);
    }

    @Test
    void theWordsOfALongTextComeOneByOne() throws IOException {
        String text = "the old cat sat unlikely on a mat. ".repeat(200);
        try (Detector detector = Detector.load(folder, TestExports.engine())) {
            List<DetectedWord> words = new ArrayList<>();
            detector.forEachWord(text, words::add);
            List<DetectedWord> expected = detector.detect(text).words();
            assertThat(words).hasSameSizeAs(expected).hasSize(200 * 9);
            for (int i = 0; i < words.size(); i++) {
                assertThat(words.get(i).start()).isEqualTo(expected.get(i).start());
                assertThat(words.get(i).text()).isEqualTo(expected.get(i).text());
                assertThat(words.get(i).replaced()).isCloseTo(expected.get(i).replaced(), within(1e-6));
            }
        }
    }

    @Test
    void theOddestOfAllDocumentsAreFound() throws IOException {
        String longText = "a mat sat on the cat. ".repeat(2000);
        List<String> texts = List.of("the old cat\nsat on", longText, "unlikely mat", "");
        try (Detector detector = Detector.load(folder, TestExports.engine())) {
            OddestPlaces all = new OddestPlaces(detector, 100_000, () -> {});
            OddestPlaces few = new OddestPlaces(detector, 5, () -> {});
            for (int i = 0; i < texts.size(); i++) {
                all.read("file" + i, 10 * i + 1, texts.get(i));
                few.read("file" + i, 10 * i + 1, texts.get(i));
            }
            List<OddPlace> places = all.places();
            assertThat(all.words()).isEqualTo(places.size()).isEqualTo(5 + 7 * 2000 + 2);
            assertThat(all.documents()).isEqualTo(4);
            assertThat(few.places()).hasSize(5);
            OddPlace sat = places.stream()
                    .filter(place -> place.source().equals("file0")
                            && place.word().text().equals("sat"))
                    .findFirst()
                    .orElseThrow();
            assertThat(sat.line()).isEqualTo(1);
            assertThat(sat.lineInDocument()).isEqualTo(1);
            assertThat(sat.column()).isEqualTo(1);
            assertThat(sat.before(4) + "|" + sat.after(3)).isEqualTo("cat\n| on");
            for (OddPlace place : places) {
                DetectedWord inPassage = place.wordInPassage();
                assertThat(place.passage().substring(inPassage.start(), inPassage.end()))
                        .isEqualTo(place.word().text());
                assertThat(place.passage().length()).isLessThan(200);
            }
        }
    }

    @Test
    void aWordThatIsAlwaysSuspectedIsLessOddThanOneThatIsSuspectedHere() {
        WordSuspicions suspicions = new WordSuspicions();
        for (int i = 0; i < 50; i++) {
            suspicions.add(new DetectedWord("Name", 0, 4, 0.9));
            suspicions.add(new DetectedWord("word", 0, 4, 0.01));
        }
        DetectedWord name = new DetectedWord("name", 0, 4, 0.9);
        DetectedWord word = new DetectedWord("word", 0, 4, 0.9);
        DetectedWord once = new DetectedWord("once", 0, 4, 0.9);
        List.of(name, word, once).forEach(suspicions::add);
        assertThat(suspicions.elsewhere(name)).isCloseTo((50 * .9 + 5 * mean()) / 55, within(1e-9));
        assertThat(suspicions.elsewhere(word)).isCloseTo((50 * .01 + 5 * mean()) / 55, within(1e-9));
        assertThat(suspicions.elsewhere(once)).isCloseTo(mean(), within(1e-9));
        assertThat(List.of(name, once, word))
                .isSortedAccordingTo(
                        Comparator.comparingDouble(suspicions::elsewhere).reversed());
    }

    private static double mean() {
        return (50 * .9 + 50 * .01 + 3 * .9) / 103;
    }

    @Test
    void noCharacterIsCutInHalf() {
        String smileys = "\uD83D\uDE00".repeat(3);
        OddPlace place = new OddPlace("a", 1, 0, 7, new DetectedWord("x", 6, 7, 1), smileys + "x" + smileys, 0);
        assertThat(place.before(3)).isEqualTo("\uD83D\uDE00".repeat(2));
        assertThat(place.after(3)).isEqualTo("\uD83D\uDE00");
    }
}
