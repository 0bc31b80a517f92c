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

class MultiLabelScoresTest {
    private static final Offset<Double> EXACT = within(1e-12);

    static Stream<JsonNode> cases() throws Exception {
        return ReferenceScores.cases("multi_label.json");
    }

    private static boolean[][] indicators(JsonNode matrix) {
        return ReferenceScores.elements(matrix).map(ReferenceScores::flags).toArray(boolean[][]::new);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithScikitLearn(JsonNode expected) {
        MultiLabelScores scores =
                MultiLabelScores.of(indicators(expected.required("gold")), indicators(expected.required("predicted")));

        assertThat(scores.subsetAccuracy())
                .isCloseTo(expected.required("subset_accuracy").doubleValue(), EXACT);
        assertThat(scores.micro().f1()).isCloseTo(expected.required("micro_f1").doubleValue(), EXACT);
        assertThat(scores.micro().precision())
                .isCloseTo(expected.required("micro_precision").doubleValue(), EXACT);
        assertThat(scores.macroF1()).isCloseTo(expected.required("macro_f1").doubleValue(), EXACT);
        assertThat(scores.labels().stream().mapToDouble(PrecisionRecall::f1).toArray())
                .containsExactly(ReferenceScores.doubles(expected.required("f1")), EXACT);
    }

    @Test
    void refusesWhatCanNotBeScored() {
        for (boolean[][] bad : new boolean[][][] {{}, {{true, false}, {true}}, {{true, false}}, {{}, {}}}) {
            assertThatThrownBy(() -> MultiLabelScores.of(new boolean[2][2], bad))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> MultiLabelScores.of(bad, new boolean[2][2]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
