package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class CorrelationTest {

    static Stream<JsonNode> cases() throws Exception {
        return ReferenceScores.cases("correlation.json");
    }

    /** Where SciPy has NaN, of constant input, we have 0. */
    private static double of(JsonNode expected, String name) {
        JsonNode value = expected.required(name);
        return value.isNull() ? 0 : value.doubleValue();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithSciPy(JsonNode expected) {
        double[] gold = ReferenceScores.doubles(expected.required("gold"));
        double[] predicted = ReferenceScores.doubles(expected.required("predicted"));

        assertThat(Correlation.pearson(gold, predicted)).isCloseTo(of(expected, "pearson"), within(1e-12));
        assertThat(Correlation.spearman(gold, predicted)).isCloseTo(of(expected, "spearman"), within(1e-12));
    }

    @Test
    void showsANaNAndTakesRanksOfTheInfinite() {
        double[] numbers = {1, 2, 3};
        for (double[] bad : new double[][] {{1, Double.NaN, 3}, {Double.NaN, Double.NaN, Double.NaN}}) {
            assertThat(Correlation.pearson(numbers, bad)).isNaN();
            assertThat(Correlation.pearson(bad, numbers)).isNaN();
            assertThat(Correlation.spearman(numbers, bad)).isNaN();
            assertThat(Correlation.spearman(bad, numbers)).isNaN();
        }
        double[] infinite = {Double.NEGATIVE_INFINITY, 0, Double.POSITIVE_INFINITY};
        assertThat(Correlation.pearson(numbers, infinite)).isNaN();
        assertThat(Correlation.spearman(numbers, infinite)).isCloseTo(1, within(1e-12));
    }

    @Test
    void hasNothingToSayOfOneNumber() {
        assertThat(Correlation.pearson(new double[] {1}, new double[] {2})).isZero();
        assertThat(Correlation.spearman(new double[] {1}, new double[] {2})).isZero();
        assertThatThrownBy(() -> Correlation.pearson(new double[0], new double[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Correlation.spearman(new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
