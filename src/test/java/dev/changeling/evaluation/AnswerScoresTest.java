package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AnswerScoresTest {
    private static final Offset<Double> EXACT = within(1e-12);

    @Test
    void agreesWithSquadsScript() throws Exception {
        JsonNode expected = ReferenceScores.cases("answers.json").findFirst().orElseThrow();
        List<List<String>> gold = ReferenceScores.elements(expected.required("gold"))
                .map(ReferenceScores::strings)
                .toList();
        List<String> predicted = ReferenceScores.strings(expected.required("predicted"));
        assertThat(gold).hasSizeGreaterThan(60);

        for (int i = 0; i < gold.size(); i++) {
            AnswerScore score = AnswerScore.of(gold.get(i), predicted.get(i));
            String as = "\"" + predicted.get(i) + "\" to " + gold.get(i);
            assertThat(score.exactMatch())
                    .as(as)
                    .isEqualTo(expected.required("exact_match").get(i).intValue() == 1);
            assertThat(score.f1())
                    .as(as)
                    .isCloseTo(expected.required("f1").get(i).doubleValue(), EXACT);
        }
        AnswerScores scores = AnswerScores.of(gold, predicted);
        assertSame(scores.all(), expected.required("all"));
        assertSame(scores.answerable(), expected.required("answerable"));
        assertSame(scores.impossible(), expected.required("impossible"));
    }

    private static void assertSame(AnswerScores.Mean found, JsonNode expected) {
        assertThat(found.count()).isEqualTo(expected.required("total").intValue());
        assertThat(100 * found.exactMatch())
                .isCloseTo(expected.required("exact").doubleValue(), within(1e-10));
        assertThat(100 * found.f1()).isCloseTo(expected.required("f1").doubleValue(), within(1e-10));
    }

    @Test
    void takesTheBestOfSeveralAnswers() {
        assertThat(AnswerScore.of(List.of("a red cat", "Cat!"), "the cat")).isEqualTo(new AnswerScore(true, 1));
        assertThat(AnswerScore.of(List.of("red cat", "small red cat"), "cat").f1())
                .isCloseTo(2 / 3.0, EXACT);
    }

    @Test
    void scoresQuestionsOfOneKind() {
        AnswerScores scores = AnswerScores.of(List.of(List.of("cat")), List.of("cat"));
        assertThat(scores.all()).isEqualTo(new AnswerScores.Mean(1, 1, 1));
        assertThat(scores.impossible()).isEqualTo(new AnswerScores.Mean(0, 0, 0));
        assertThatThrownBy(() -> AnswerScores.of(List.of(), List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AnswerScores.of(List.of(List.of("cat")), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
