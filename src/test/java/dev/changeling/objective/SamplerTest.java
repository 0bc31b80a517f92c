package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.ChiSquare;
import dev.changeling.TestConfigs;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
    private static final float LARGEST_UNIFORM = 1 - 0x1.0p-24f;
    private static final Engine ENGINE = TestConfigs.engine();

    /** Draws once for each uniform number, always from the same logits. */
    private static int[] sample(double temperature, float[] logits, float... uniform) {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor logits_MV = HostCopy.toDevice(ENGINE, logits, 1, logits.length)
                    .expand(uniform.length, logits.length)
                    .contiguous();
            Tensor uniform_M = HostCopy.toDevice(ENGINE, uniform, uniform.length);
            return HostCopy.toInts(draw(new Sampler(temperature), logits_MV, uniform_M));
        }
    }

    private static Tensor draw(Sampler sampler, Tensor logits_MV, Tensor uniform_M) {
        Tensor centred_MV = logits_MV.sub(logits_MV.amax(new long[] {1}, true));
        return sampler.sample(centred_MV.exp(), uniform_M);
    }

    private static double[] softmax(float[] logits, double temperature) {
        double[] weights = new double[logits.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit / temperature);
        }
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            weights[i] = Math.exp(logits[i] / temperature - largest);
            sum += weights[i];
        }
        for (int i = 0; i < logits.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    private static float[] uniforms(long seed, int count) {
        RandomStream random = RandomStream.of(seed, Purpose.SAMPLING);
        float[] uniforms = new float[count];
        for (int i = 0; i < count; i++) {
            uniforms[i] = random.nextFloat();
        }
        return uniforms;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 0.5})
    void drawsFromTheSoftmaxAtItsTemperature(double temperature) {
        float[] logits = {0.3f, -1.2f, 2.0f, 0, 1.1f, -0.4f, 0.9f, -2.0f};
        long[] counts = new long[logits.length];
        for (int token : sample(temperature, logits, uniforms(11, 100_000))) {
            counts[token]++;
        }
        ChiSquare.assertFits(counts, softmax(logits, temperature), 11);
    }

    @Test
    void invertsTheCumulativeDistribution() {
        float ln2 = (float) Math.log(2);
        float[] logits = {ln2, 0, 0}; // probabilities ½, ¼, ¼
        assertThat(sample(1, logits, 0, 0.49f, 0.51f, 0.74f, 0.76f, LARGEST_UNIFORM))
                .containsExactly(0, 0, 1, 1, 2, 2);
    }

    @Test
    void staysExactOverALargeVocabulary() {
        int vocabulary = 30_522;
        float[] logits = uniforms(12, vocabulary);
        for (int i = 0; i < vocabulary; i++) {
            logits[i] = 12 * logits[i];
        }
        double[] probabilities = softmax(logits, 1);
        double[] cumulative = probabilities.clone();
        for (int i = 1; i < vocabulary; i++) {
            cumulative[i] += cumulative[i - 1];
        }
        float[] uniforms = uniforms(13, 64);
        int[] tokens = sample(1, logits, uniforms);
        for (int i = 0; i < tokens.length; i++) {
            assertThat((double) uniforms[i])
                    .as("uniform number %d of seed 13", i)
                    .isBetween(cumulative[tokens[i]] - probabilities[tokens[i]] - 1e-6, cumulative[tokens[i]] + 1e-6);
        }
    }

    @Test
    void staysInsideTheVocabularyAtTheEdgesOfTheUniformNumbers() {
        for (long seed = 0; seed < 200; seed++) {
            float[] logits = uniforms(seed, 1 + (int) (seed * 7));
            for (int i = 0; i < logits.length; i++) {
                logits[i] = 20 * logits[i] - 10;
            }
            for (int token : sample(1, logits, 0, LARGEST_UNIFORM)) {
                assertThat(token).as("seed %d", seed).isBetween(0, logits.length - 1);
            }
        }
    }

    @Test
    void neverDrawsATokenOfProbabilityZero() {
        float[] logits = new float[100];
        Arrays.fill(logits, -1000);
        logits[40] = 1;
        logits[60] = 1;
        float[] uniforms = uniforms(14, 1000);
        uniforms[0] = 0;
        uniforms[1] = LARGEST_UNIFORM;
        int[] tokens = sample(1, logits, uniforms);
        assertThat(tokens[0]).isEqualTo(40);
        assertThat(tokens[1]).isEqualTo(60);
        assertThat(tokens).containsOnly(40, 60);
    }

    @Test
    void neverDrawsATokenOfProbabilityZeroAtTheEdgesOfATile() {
        for (int seed = 0; seed < 50; seed++) {
            RandomStream random = RandomStream.of(seed, Purpose.SAMPLING);
            float[] logits = new float[129 + random.nextInt(600)];
            Arrays.fill(logits, -1000);
            for (int i = 0; i < 20; i++) {
                logits[random.nextInt(logits.length)] = random.nextFloat();
            }
            float[] uniforms = uniforms(seed, 2000);
            uniforms[0] = 0;
            uniforms[1] = LARGEST_UNIFORM;
            for (int token : sample(1, logits, uniforms)) {
                assertThat(logits[token]).as("seed %d, token %d", seed, token).isNotNegative();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {50, 1e4f, 1e30f})
    void drawsTheOneTokenThatANearlyOneHotDistributionAllows(float logit) {
        float[] logits = new float[50];
        logits[23] = logit;
        assertThat(sample(1, logits, 0x1.0p-24f, 0.1f, 0.5f, LARGEST_UNIFORM)).containsOnly(23);
    }

    @Test
    void staysInsideTheVocabularyWhenTheLogitsAreNoNumbers() {
        float[] logits = new float[300];
        Arrays.fill(logits, Float.NaN);
        for (int token : sample(1, logits, 0, 0.5f, LARGEST_UNIFORM)) {
            assertThat(token).isBetween(0, 299);
        }
    }

    @Test
    void leavesTheWeightsAsTheyAre() {
        try (Engine.Scope scope = ENGINE.scope()) {
            float[] weights = uniforms(15, 300);
            Tensor weights_MV = HostCopy.toDevice(ENGINE, weights, 1, 300);
            new Sampler(2).sample(weights_MV, HostCopy.toDevice(ENGINE, new float[] {0.5f}, 1));
            assertThat(HostCopy.toFloats(weights_MV)).isEqualTo(weights);
        }
    }
}
