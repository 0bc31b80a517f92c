package dev.changeling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.ChiSquare;
import dev.changeling.TestConfigs;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutMaskTest {
    private static final Engine ENGINE = TestConfigs.engine();

    private static float[] mask(long seed, double probability, long... shape) {
        try (Engine.Scope scope = ENGINE.scope()) {
            return HostCopy.toFloats(new DropoutMask(ENGINE, seed, probability).of(shape));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9})
    void dropsItsShareAndKeepsTheExpectation(double probability) {
        float[] mask = mask(3, probability, 400, 500);
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
        float[] mask = mask(4, 0.5, 100_003);
        for (int distance = 1; distance <= 5; distance++) {
            long[] pairs = new long[4];
            for (int i = 0; i + distance < mask.length; i += 2 * distance + 1) {
                pairs[(mask[i] == 0 ? 0 : 2) + (mask[i + distance] == 0 ? 0 : 1)]++;
            }
            ChiSquare.assertFits(pairs, new double[] {0.25, 0.25, 0.25, 0.25}, 4);
        }
    }

    @Test
    void isAFunctionOfTheSeed() {
        float[] first = mask(5, 0.3, 7, 29);
        assertThat(first).hasSize(7 * 29);
        assertThat(mask(5, 0.3, 7, 29)).isEqualTo(first);
        assertThat(mask(6, 0.3, 7, 29)).isNotEqualTo(first);
    }

    @Test
    void seedsThatAreNeighboursChooseIndependently() {
        for (int distance = 0; distance <= 2; distance++) {
            float[] one = mask(40, 0.5, 100_003);
            float[] other = mask(41, 0.5, 100_003);
            long[] pairs = new long[4];
            for (int i = 0; i + distance < one.length; i++) {
                pairs[(one[i] == 0 ? 0 : 2) + (other[i + distance] == 0 ? 0 : 1)]++;
            }
            ChiSquare.assertFits(pairs, new double[] {0.25, 0.25, 0.25, 0.25}, 40);
        }
    }

    @Test
    void makesAnyPartOfAMaskByItself() {
        float[] whole = mask(9, 0.5, 30_000);
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor part = torch.empty(11, 1000);
            new DropoutMask(ENGINE, 9, 0.5).fill(part, 12_345);
            assertThat(HostCopy.toFloats(part)).isEqualTo(Arrays.copyOfRange(whole, 12_345, 12_345 + 11_000));
        }
    }

    @Test
    void fillsAMaskOfSeveralChunksToItsEnd() {
        float[] mask = mask(8, 0.5, (2 << 20) + 100_003);
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
    void isFiniteAtTheExtremes() {
        assertThat(mask(7, 1e-9, 1_000_000)).containsOnly(1);
        assertThat(mask(7, 1 - 1e-9, 1_000_000)).contains(0).doesNotContain(Float.POSITIVE_INFINITY, Float.NaN);
        assertThat(mask(7, 0.5, 0, 3)).isEmpty();
    }
}
