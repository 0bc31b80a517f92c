package dev.changeling.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelParityTest {

    static Stream<Arguments> networks() {
        return ModelParity.SHAPES.stream()
                .flatMap(shape -> Stream.of(Architecture.values()).map(a -> Arguments.of(a, shape)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("networks")
    void logitsLossAndGradientsAreThoseOfTransformers(Architecture architecture, String shape) throws Exception {
        ModelParity parity = ModelParity.of(architecture, shape);
        assertThat(parity.logits()).as("logits, absolute").isLessThan(1e-5);
        assertThat(parity.loss()).as("loss, relative").isLessThan(1e-5);
        assertThat(parity.gradients()).isNotEmpty();
        parity.gradients()
                .forEach((name, error) ->
                        assertThat(error).as("gradient of " + name).isLessThan(1e-4));
    }
}
