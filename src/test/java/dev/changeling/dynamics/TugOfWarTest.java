package dev.changeling.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class TugOfWarTest {
    private static final Engine ENGINE = TestConfigs.engine();

    private static List<Tensor> tables(float[]... tables) {
        return Arrays.stream(tables)
                .map(table -> HostCopy.toDevice(ENGINE, table, table.length))
                .toList();
    }

    @Test
    void measuresTwoGradientsOnTwoTables() {
        try (Engine.Scope scope = ENGINE.scope()) {
            TugOfWar measured = TugOfWar.of(
                    tables(new float[] {3, 4}, new float[] {0}),
                    tables(new float[] {4, -3}, new float[] {12}),
                    tables(new float[] {1, 2}, new float[] {3}),
                    tables(new float[] {2, 3}, new float[] {4}));
            assertThat(measured.generatorNorm()).isCloseTo(5, within(1e-6));
            assertThat(measured.discriminatorNorm()).isCloseTo(13, within(1e-6));
            assertThat(measured.cosine()).isCloseTo(0, within(1e-6));
            assertThat(measured.angle()).isCloseTo(90, within(1e-4));
            // Over their deviations they are (3, 2, 0) and (2, −1, 3).
            double mlm = Math.sqrt(9 + 4);
            double rtd = Math.sqrt(4 + 1 + 9);
            assertThat(measured.generatorAdamShare()).isCloseTo(mlm / (mlm + rtd), within(1e-6));
            assertThat(measured.discriminatorAdamShare()).isCloseTo(rtd / (mlm + rtd), within(1e-6));
        }
    }

    @Test
    void theAngleTellsWhoPullsAgainstWhom() {
        assertThat(angle(new float[] {-1, 1})).isCloseTo(135, within(1e-4));
        assertThat(angle(new float[] {1, 1})).isCloseTo(45, within(1e-4));
        assertThat(angle(new float[] {3, 0})).isCloseTo(0, within(1e-4));
        assertThat(angle(new float[] {-3, 0})).isCloseTo(180, within(1e-4));
    }

    private static double angle(float[] rtd) {
        try (Engine.Scope scope = ENGINE.scope()) {
            return TugOfWar.of(tables(new float[] {1, 0}), tables(rtd), tables(new float[] {1, 1}), tables(new float[] {
                        1, 1
                    }))
                    .angle();
        }
    }

    @Test
    void aLossWithoutAGradientHasNoDirection() {
        try (Engine.Scope scope = ENGINE.scope()) {
            TugOfWar measured = TugOfWar.of(
                    tables(new float[] {1, 0}), tables(new float[2]), tables(new float[] {1, 1}), tables(new float[] {
                        1, 1
                    }));
            assertThat(measured.discriminatorNorm()).isZero();
            assertThat(measured.cosine()).isNaN();
            assertThat(measured.angle()).isNaN();
            assertThat(measured.generatorAdamShare()).isEqualTo(1);
            assertThat(measured.discriminatorAdamShare()).isZero();
        }
    }
}
