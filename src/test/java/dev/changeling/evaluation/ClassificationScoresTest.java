package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ClassificationScoresTest {
    private static final Offset<Double> EXACT = within(1e-12);

    static Stream<JsonNode> cases() throws Exception {
        return ReferenceScores.cases("classification.json");
    }

    private static double of(JsonNode expected, String name) {
        return expected.required(name).doubleValue();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithScikitLearn(JsonNode expected) {
        int classCount = expected.required("classes").intValue();
        ClassificationScores scores = ClassificationScores.of(
                classCount,
                ReferenceScores.ints(expected.required("gold")),
                ReferenceScores.ints(expected.required("predicted")));

        assertThat(scores.count()).isEqualTo(expected.required("gold").size());
        assertThat(scores.accuracy()).isCloseTo(of(expected, "accuracy"), EXACT);
        assertThat(scores.microF1()).isCloseTo(of(expected, "micro_f1"), EXACT);
        assertThat(scores.macroF1()).isCloseTo(of(expected, "macro_f1"), EXACT);
        assertThat(scores.matthews()).isCloseTo(of(expected, "matthews"), EXACT);
        assertThat(scores.classes()).hasSize(classCount);
        for (int c = 0; c < classCount; c++) {
            PrecisionRecall one = scores.classes().get(c);
            assertThat(one.precision())
                    .isCloseTo(expected.required("precision").get(c).doubleValue(), EXACT);
            assertThat(one.recall())
                    .isCloseTo(expected.required("recall").get(c).doubleValue(), EXACT);
            assertThat(one.f1()).isCloseTo(expected.required("f1").get(c).doubleValue(), EXACT);
            for (int other = 0; other < classCount; other++) {
                assertThat(scores.confusion(c, other))
                        .isEqualTo(
                                expected.required("confusion").get(c).get(other).longValue());
            }
        }
        if (classCount == 2) {
            assertThat(scores.positive().f1()).isCloseTo(of(expected, "binary_f1"), EXACT);
            assertThat(scores.positive().precision()).isCloseTo(of(expected, "binary_precision"), EXACT);
            assertThat(scores.positive().recall()).isCloseTo(of(expected, "binary_recall"), EXACT);
        }
    }

    @Test
    void refusesWhatCanNotBeScored() {
        assertThatThrownBy(() -> ClassificationScores.of(2, new int[0], new int[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClassificationScores.of(2, new int[1], new int[2]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClassificationScores.of(2, new int[] {2}, new int[] {0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class 2 of 2");
        assertThatThrownBy(() -> ClassificationScores.of(2, new int[] {0}, new int[] {-1}))
                .isInstanceOf(IllegalArgumentException.class);
        ClassificationScores three = ClassificationScores.of(3, new int[] {0}, new int[] {0});
        assertThatThrownBy(three::positive).isInstanceOf(IllegalStateException.class);
    }
}
