package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class SpreadTest {

    static Stream<JsonNode> cases() throws Exception {
        return ReferenceScores.cases("spread.json");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithPythonsStatistics(JsonNode expected) {
        double[] numbers = ReferenceScores.doubles(expected.required("numbers"));
        Spread spread = Spread.of(DoubleStream.of(numbers));

        assertThat(spread.count()).isEqualTo(numbers.length);
        assertThat(spread.median()).isCloseTo(expected.required("median").doubleValue(), within(1e-15));
        assertThat(spread.least()).isEqualTo(expected.required("least").doubleValue());
        assertThat(spread.most()).isEqualTo(expected.required("most").doubleValue());
        assertThat(spread.standardDeviation())
                .isCloseTo(expected.required("deviation").doubleValue(), within(1e-12));
    }

    @Test
    void findsTheMiddle() {
        assertThat(Spread.of(DoubleStream.of(3, 1, 2))).isEqualTo(new Spread(3, 2, 1, 3, 1));
        assertThat(Spread.of(DoubleStream.of(4, 1, 2, 3)).median()).isEqualTo(2.5);
        assertThatThrownBy(() -> Spread.of(DoubleStream.empty())).isInstanceOf(IllegalArgumentException.class);
    }
}
