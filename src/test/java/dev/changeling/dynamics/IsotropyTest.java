package dev.changeling.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import org.junit.jupiter.api.Test;

class IsotropyTest {
    private static final Engine ENGINE = TestConfigs.engine();

    private static Isotropy of(int width, float... words) {
        try (Engine.Scope scope = ENGINE.scope()) {
            return Isotropy.of(HostCopy.toDevice(ENGINE, words, words.length / width, width));
        }
    }

    @Test
    void theMeanCosineIsOverPairsOfDifferentRows() {
        assertThat(of(2, 1, 0, 0, 2).meanCosine()).isCloseTo(0, within(1e-6));
        assertThat(of(2, 1, 1, 3, 3).meanCosine()).isCloseTo(1, within(1e-6));
        assertThat(of(2, 1, 0, -4, 0).meanCosine()).isCloseTo(-1, within(1e-6));
        // Pairs: 0, 1/√2 and 1/√2.
        assertThat(of(2, 1, 0, 0, 1, 1, 1).meanCosine()).isCloseTo(Math.sqrt(2) / 3, within(1e-6));
    }

    @Test
    void thePartitionRatioIsThatOfTheLeastAndTheMostAlongAnEigenvector() {
        // WᵀW is diag(4, 1), so Z is e² + 1 and e⁻² + 1 along the first axis, e + 1 and e⁻¹ + 1 along the second.
        double expected = (Math.exp(-2) + 1) / (Math.exp(2) + 1);
        assertThat(of(2, 2, 0, 0, 1).partitionRatio()).isCloseTo(expected, within(1e-6));
        assertThat(of(2, -2, 0, 0, -1).partitionRatio()).isCloseTo(expected, within(1e-6));
    }

    @Test
    void aCloudIsMoreIsotropicThanACone() {
        RandomStream random = RandomStream.of(3, Purpose.ORDER);
        float[] cloud = new float[400 * 8];
        float[] cone = new float[400 * 8];
        for (int i = 0; i < cloud.length; i++) {
            cloud[i] = random.nextFloat() - 0.5f;
            cone[i] = cloud[i] + 1;
        }
        assertThat(of(8, cloud).meanCosine()).isCloseTo(0, within(0.02));
        assertThat(of(8, cloud).partitionRatio()).isBetween(0.9, 1.0);
        assertThat(of(8, cone).meanCosine()).isGreaterThan(0.8);
        assertThat(of(8, cone).partitionRatio()).isLessThan(0.1);
    }
}
