package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.task.Span;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class SpanScoresTest {
    private static final Offset<Double> EXACT = within(1e-12);
    private static final Set<String> AVERAGES = Set.of("micro avg", "macro avg");

    static Stream<JsonNode> cases() throws Exception {
        return ReferenceScores.cases("spans.json");
    }

    private static List<List<String>> sentences(JsonNode array) {
        return ReferenceScores.elements(array).map(ReferenceScores::strings).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithSeqeval(JsonNode expected) {
        SpanScores scores =
                SpanScores.of(sentences(expected.required("gold")), sentences(expected.required("predicted")));

        assertThat(scores.tokenAccuracy())
                .isCloseTo(expected.required("accuracy").doubleValue(), EXACT);
        JsonNode reference = expected.required("scores");
        assertSame(scores.overall(), reference.required("micro avg"));
        assertThat(scores.macroF1())
                .isCloseTo(reference.required("macro avg").required("f1").doubleValue(), EXACT);
        Set<String> types = new TreeSet<>(reference.propertyNames());
        types.removeAll(AVERAGES);
        assertThat(scores.types().keySet()).containsExactlyElementsOf(types);
        scores.types().forEach((type, found) -> assertSame(found, reference.required(type)));
    }

    private static void assertSame(PrecisionRecall found, JsonNode expected) {
        assertThat(found.precision()).isCloseTo(expected.required("precision").doubleValue(), EXACT);
        assertThat(found.recall()).isCloseTo(expected.required("recall").doubleValue(), EXACT);
        assertThat(found.f1()).isCloseTo(expected.required("f1").doubleValue(), EXACT);
        assertThat(found.gold()).isEqualTo(expected.required("support").longValue());
    }

    @Test
    void readsSpansOffEveryScheme() {
        List<Span> expected = List.of(new Span("NP", 0, 2), new Span("NP", 2, 3), new Span("VP", 4, 5));

        assertThat(Span.of(List.of("B-NP", "I-NP", "B-NP", "O", "B-VP"))).isEqualTo(expected);
        assertThat(Span.of(List.of("I-NP", "I-NP", "B-NP", "O", "I-VP"))).isEqualTo(expected);
        assertThat(Span.of(List.of("B-NP", "E-NP", "S-NP", "O", "S-VP"))).isEqualTo(expected);
        assertThat(Span.of(List.of())).isEmpty();
    }

    @Test
    void refusesWhatCanNotBeScored() {
        List<List<String>> gold = List.of(List.of("O", "B-NP"));
        for (String tag : List.of("B", "B-", "NP", "X-NP", "", "o", "L-NP", "B_NP")) {
            assertThatThrownBy(() -> SpanScores.of(gold, List.of(List.of("O", tag))))
                    .as(tag)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("tag \"" + tag + "\"; expected O, or B-");
        }
        assertThatThrownBy(() -> SpanScores.of(gold, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SpanScores.of(gold, List.of(List.of("O"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SpanScores.of(List.of(), List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
