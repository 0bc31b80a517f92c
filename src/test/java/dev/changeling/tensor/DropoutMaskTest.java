package dev.changeling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.ChiSquare;
import dev.changeling.TestConfigs;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutMaskTest {
    private static final Engine ENGINE = TestConfigs.engine();

    private static float[] mask(RandomStream random, double probability, long... shape) {
        try (Engine.Scope scope = ENGINE.scope()) {
            return HostCopy.toFloats(DropoutMask.draw(ENGINE, random, probability, shape));
        }
    }

    private static RandomStream random(long seed) {
        return RandomStream.of(seed, Purpose.DROPOUT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9})
    void dropsItsShareAndKeepsTheExpectation(double probability) {
        float[] mask = mask(random(3), probability, 400, 500);
        long[] counts = new long[2];
        double sum = 0;
        for (float factor : mask) {
            assertThat(factor == 0 || Math.abs(factor * (1 - probability) - 1) < 1e-3)
                    .as("factor %s", factor)
                    .isTrue();
            counts[factor == 0 ? 0 : 1]++;
            sum += factor;
        }
        ChiSquare.assertFits(counts, new double[] {probability, 1 - probability}, 3);
        assertThat(sum / mask.length).isCloseTo(1, within(0.02));
    }

    @Test
    void choosesForEveryNumberByItself() {
        float[] mask = mask(random(4), 0.5, 100_003);
        // Neighbours within the four that share one random number, and across them.
        for (int distance = 1; distance <= 5; distance++) {
            long[] pairs = new long[4];
            for (int i = 0; i + distance < mask.length; i += 2 * distance + 1) {
                pairs[(mask[i] == 0 ? 0 : 2) + (mask[i + distance] == 0 ? 0 : 1)]++;
            }
            ChiSquare.assertFits(pairs, new double[] {0.25, 0.25, 0.25, 0.25}, 4);
        }
    }

    @Test
    void isAFunctionOfTheStream() {
        RandomStream random = random(5);
        float[] first = mask(random, 0.3, 7, 29);
        assertThat(first).hasSize(7 * 29);
        assertThat(mask(random, 0.3, 7, 29)).isNotEqualTo(first);
        assertThat(mask(random(5), 0.3, 7, 29)).isEqualTo(first);
        assertThat(mask(random(6), 0.3, 7, 29)).isNotEqualTo(first);
    }

    @Test
    void fillsAMaskOfSeveralWindowsToItsEnd() {
        // More than two windows of 2^20 numbers, and a rest that no four share.
        float[] mask = mask(random(8), 0.5, (2 << 20) + 100_003);
        for (int start = 0; start < mask.length; start += 100_000) {
            int end = Math.min(start + 100_000, mask.length);
            long dropped = 0;
            for (int i = start; i < end; i++) {
                assertThat(mask[i] == 0 || mask[i] == 2).as("number %d", i).isTrue();
                dropped += mask[i] == 0 ? 1 : 0;
            }
            assertThat(dropped / (double) (end - start)).as("from %d", start).isCloseTo(0.5, within(0.03));
        }
    }

    @Test
    void dropsSomethingAndNeverAllAtTheExtremes() {
        assertThat(mask(random(7), 1e-9, 1_000_000)).contains(0);
        assertThat(mask(random(7), 1 - 1e-9, 1_000_000)).contains(65536);
        assertThat(mask(random(7), 0.5, 0, 3)).isEmpty();
    }
}
