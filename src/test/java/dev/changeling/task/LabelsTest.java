package dev.changeling.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.error.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelsTest {

    private static Labels of(String... labels) {
        return Labels.of(Arrays.stream(labels)
                .map(label -> new TextExample("train.tsv", 2, "text", null, List.of(label)))
                .toList());
    }

    @Test
    void namesAreSortedAndNumbersByTheirValue() {
        assertThat(of("b", "a", "b", "C").names()).containsExactly("C", "a", "b");
        assertThat(of("10", "9", "-1", "9", "2.5").names()).containsExactly("-1", "2.5", "9", "10");
        assertThat(of("10", "9", "x").names()).containsExactly("10", "9", "x");
        assertThat(of("1d", "0x1p3", "NaN", "9", "10").names()).containsExactly("0x1p3", "10", "1d", "9", "NaN");
    }

    @Test
    void severalLabelsAndTagsAreCollected() {
        assertThat(Labels.of(List.of(
                                new TextExample("t", 2, "x", null, List.of("b", "a")),
                                new TextExample("t", 3, "x", null, List.of()),
                                new TextExample("t", 4, "x", null, List.of("c"))))
                        .names())
                .containsExactly("a", "b", "c");
        TaggedSentence sentence = new TaggedSentence("t", 1, List.of("x", "y"), List.of("O", "B-X"));
        assertThat(Labels.ofTags(List.of(sentence)).names()).containsExactly("B-X", "O");
    }

    @Test
    void idsAndNamesAreEachOthersInverse() {
        Labels labels = new Labels(List.of("z", "a"));
        assertThat(labels.size()).isEqualTo(2);
        for (int id = 0; id < labels.size(); id++) {
            assertThat(labels.id(labels.name(id), "here")).isEqualTo(id);
        }
        assertThat(labels.name(0)).isEqualTo("z");
    }

    @Test
    void anUnknownLabelIsRefusedInOneLine() {
        assertThatThrownBy(() -> of("b", "a").id("c", "dev.tsv, line 7"))
                .isInstanceOf(InputException.class)
                .hasMessage("dev.tsv, line 7: label \"c\" is not known; expected one of a, b");
        String[] many = IntStream.range(0, 30).mapToObj(Integer::toString).toArray(String[]::new);
        assertThatThrownBy(() -> of(many).id("30", "dev.tsv, line 7"))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("18, 19 and 10 more");
    }

    @Test
    void numbersForRegressionAreFinite() {
        assertThat(Labels.number("-2.50", "here")).isCloseTo(-2.5, within(0.0));
        assertThat(Labels.number("1e-3", "here")).isCloseTo(1e-3, within(0.0));
        for (String bad : List.of("x", "", "NaN", "Infinity", "1e999", "1f", "0x10", "1,5")) {
            assertThatThrownBy(() -> Labels.number(bad, "a.tsv, line 3"))
                    .isInstanceOf(InputException.class)
                    .hasMessage("a.tsv, line 3: label \"" + bad + "\"; expected a number");
        }
    }

    @Test
    void numbersForRegressionFitAFloat() {
        assertThat(Labels.number("-3.4e38", "here")).isCloseTo(-3.4e38, within(0.0));
        for (String bad : List.of("1e39", "-1e39", "3.5e38")) {
            assertThatThrownBy(() -> Labels.number(bad, "a.tsv, line 3"))
                    .isInstanceOf(InputException.class)
                    .hasMessage("a.tsv, line 3: label \"" + bad + "\"; expected a number that a 32-bit float holds");
        }
    }

    @Test
    void nothingToLearnIsRefused() {
        assertThatThrownBy(() -> Labels.of(List.of(new TextExample("t.tsv", 2, "x", null, List.of()))))
                .isInstanceOf(InputException.class)
                .hasMessage("t.tsv: no label in it; expected some to learn");
        assertThatThrownBy(() -> new Labels(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Labels(List.of("a", "a"))).isInstanceOf(IllegalArgumentException.class);
    }
}
