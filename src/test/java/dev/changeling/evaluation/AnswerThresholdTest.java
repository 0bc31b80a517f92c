package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AnswerThresholdTest {
    private static final Offset<Double> CLOSE = within(1e-9);

    @Test
    void agreesWithSquadsScript() throws Exception {
        List<JsonNode> cases = ReferenceScores.cases("answer_thresholds.json").toList();
        assertThat(cases).hasSizeGreaterThan(4);
        int sameThresholds = 0;
        for (JsonNode one : cases) {
            List<List<String>> gold = ReferenceScores.elements(one.required("gold"))
                    .map(ReferenceScores::strings)
                    .toList();
            List<String> predicted = ReferenceScores.strings(one.required("predicted"));
            double[] margins = ReferenceScores.elements(one.required("margins"))
                    .mapToDouble(JsonNode::doubleValue)
                    .toArray();
            double[] ifAnswered = new double[margins.length];
            double[] ifNone = new double[margins.length];
            for (int i = 0; i < margins.length; i++) {
                ifAnswered[i] = AnswerScore.of(gold.get(i), predicted.get(i)).f1();
                ifNone[i] = AnswerScore.of(gold.get(i), "").f1();
            }
            double score = one.required("best_f1").doubleValue();
            double threshold = one.required("best_f1_threshold").doubleValue();

            AnswerThreshold found = AnswerThreshold.best(margins, ifAnswered, ifNone);
            assertThat(100 * found.score()).isCloseTo(score, CLOSE);
            assertThat(applied(found.threshold(), gold, predicted, margins)).isCloseTo(score, CLOSE);
            // Where it is best to answer nothing, the script says 0, which answers some.
            if (Math.abs(applied(threshold, gold, predicted, margins) - score) < 1e-9) {
                assertThat(answered(margins, found.threshold())).isEqualTo(answered(margins, threshold));
                sameThresholds++;
            }
        }
        assertThat(sameThresholds).isGreaterThan(2);
    }

    private static long answered(double[] margins, double threshold) {
        return Arrays.stream(margins).filter(margin -> margin <= threshold).count();
    }

    /** Returns the F1, in %, where no answer is said above a threshold. */
    private static double applied(double threshold, List<List<String>> gold, List<String> predicted, double[] margins) {
        List<String> said = new ArrayList<>();
        for (int i = 0; i < margins.length; i++) {
            said.add(margins[i] > threshold ? "" : predicted.get(i));
        }
        return 100 * AnswerScores.of(gold, said).all().f1();
    }

    @Test
    void questionsWithTheSameMarginAreAnsweredTogether() {
        // Answering the first alone would be best, but the second has its margin.
        AnswerThreshold found =
                AnswerThreshold.best(new double[] {1, 1, 2}, new double[] {1, 0, 0}, new double[] {0, 1, 1});
        assertThat(found.score()).isCloseTo(2 / 3.0, CLOSE);
        assertThat(found.threshold()).isZero();
    }

    @Test
    void theThresholdLiesBetweenTwoQuestions() {
        AnswerThreshold found =
                AnswerThreshold.best(new double[] {3, -1, 2}, new double[] {0, 1, 1}, new double[] {1, 0, 0});
        assertThat(found).isEqualTo(new AnswerThreshold(2.5, 1));
    }

    @Test
    void theLowestOfSeveralIsTaken() {
        AnswerThreshold found =
                AnswerThreshold.best(new double[] {0, 1, 2}, new double[] {1, 0, 0}, new double[] {0, 0, 0});
        assertThat(found.threshold()).isEqualTo(0.5);
        AnswerThreshold all = AnswerThreshold.best(new double[] {4}, new double[] {1}, new double[] {0});
        assertThat(all.threshold()).isEqualTo(4.5);
    }

    @Test
    void withoutQuestionsThereIsNone() {
        assertThatThrownBy(() -> AnswerThreshold.best(new double[0], new double[0], new double[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
