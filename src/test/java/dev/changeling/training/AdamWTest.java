package dev.changeling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.config.OptimizerConfig;
import dev.changeling.model.Parameter;
import dev.changeling.model.ParameterStore;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdamWTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final int WEIGHTS = 6;
    private static final int ALL = 11;
    private static final double RATE = 0.01;

    private static ParameterStore store(float[] values) {
        ParameterStore store = new ParameterStore();
        store.declare("dense.bias", Parameter.Kind.BIAS, 2);
        store.declare("dense.weight", Parameter.Kind.WEIGHT, 3, 2);
        store.declare("LayerNorm.weight", Parameter.Kind.NORM_WEIGHT, 2);
        store.declare("LayerNorm.bias", Parameter.Kind.NORM_BIAS, 1);
        store.allocate(ENGINE);
        HostCopy.fromFloats(values, store.values());
        return store;
    }

    private static float[] numbers(RandomStream random, double scale) {
        float[] numbers = new float[ALL];
        for (int i = 0; i < ALL; i++) {
            numbers[i] = (float) (scale * (2 * random.nextDouble() - 1));
        }
        return numbers;
    }

    /** The algorithm number by number, in double precision. */
    private static final class Reference {
        private final OptimizerConfig config;
        private final double[] values = new double[ALL];
        private final double[] first = new double[ALL];
        private final double[] second = new double[ALL];
        private final double[] factors = new double[ALL];

        Reference(OptimizerConfig config, float[] start) {
            this.config = config;
            for (int i = 0; i < ALL; i++) {
                values[i] = start[i];
                factors[i] = 1;
            }
        }

        void step(int step, double rate, float[] gradient) {
            double norm = 0;
            for (float g : gradient) {
                norm += (double) g * g;
            }
            norm = Math.sqrt(norm);
            double clip = config.clipNorm() == 0 ? 1 : config.clipNorm() / Math.max(norm, config.clipNorm());
            for (int i = 0; i < ALL; i++) {
                double g = gradient[i] * clip;
                first[i] = config.beta1() * first[i] + (1 - config.beta1()) * g;
                second[i] = config.beta2() * second[i] + (1 - config.beta2()) * g * g;
                double mean = first[i];
                double square = second[i];
                if (config.biasCorrection()) {
                    mean /= 1 - Math.pow(config.beta1(), step + 1);
                    square /= 1 - Math.pow(config.beta2(), step + 1);
                }
                double decay = i < WEIGHTS ? config.weightDecay() * values[i] : 0;
                values[i] -= rate * factors[i] * (mean / (Math.sqrt(square) + config.epsilon()) + decay);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // bias correction, weight decay, clip norm, scale of the gradients
        "true,  0.01, 1, 2",
        "false, 0.01, 1, 2",
        "false, 0.01, 0, 2",
        "true,  0,    1, 0.01",
        "false, 0.1,  1, 0.01",
        "false, 0.1,  0.5, 1e-7"
    })
    void followsTheAlgorithm(boolean biasCorrection, double weightDecay, double clipNorm, double scale) {
        long seed = 31;
        RandomStream random = RandomStream.of(seed, Purpose.ORDER);
        float[] start = numbers(random, 1);
        OptimizerConfig config = new OptimizerConfig(RATE, 0.9, 0.999, 1e-6, biasCorrection, weightDecay, clipNorm);
        Reference reference = new Reference(config, start);
        try (ParameterStore store = store(start);
                AdamW optimizer = new AdamW(ENGINE, store, config)) {
            for (int step = 0; step < 20; step++) {
                float[] gradient = numbers(random, scale);
                double rate = RATE * (20 - step) / 20;
                reference.step(step, rate, gradient);
                try (Engine.Scope scope = ENGINE.scope()) {
                    HostCopy.fromFloats(gradient, store.gradients());
                    optimizer.step(step, rate, optimizer.gradientNorm());
                    float[] values = HostCopy.toFloats(store.values());
                    for (int i = 0; i < ALL; i++) {
                        assertThat((double) values[i])
                                .as("number %d after step %d, seed %d", i, step, seed)
                                .isCloseTo(reference.values[i], within(2e-6));
                    }
                }
            }
            try (Engine.Scope scope = ENGINE.scope()) {
                float[] first = HostCopy.toFloats(optimizer.firstMoment());
                float[] second = HostCopy.toFloats(optimizer.secondMoment());
                for (int i = 0; i < ALL; i++) {
                    assertThat((double) first[i]).isCloseTo(reference.first[i], within(1e-5 * scale));
                    assertThat((double) second[i]).isCloseTo(reference.second[i], within(1e-5 * scale * scale));
                }
            }
        }
    }

    @Test
    void eachGroupHasItsOwnRate() {
        RandomStream random = RandomStream.of(32, Purpose.ORDER);
        float[] start = numbers(random, 1);
        OptimizerConfig config = new OptimizerConfig(RATE, 0.9, 0.999, 1e-6, false, 0.1, 1);
        Reference reference = new Reference(config, start);
        java.util.Arrays.fill(reference.factors, 0, 8, 0.25); // dense, its bias too
        try (ParameterStore store = store(start);
                AdamW optimizer =
                        new AdamW(ENGINE, store, config, store.groups(name -> name.startsWith("dense") ? 0.25 : 1))) {
            for (int step = 0; step < 5; step++) {
                float[] gradient = numbers(random, 2);
                reference.step(step, RATE, gradient);
                try (Engine.Scope scope = ENGINE.scope()) {
                    HostCopy.fromFloats(gradient, store.gradients());
                    optimizer.step(step, RATE, optimizer.gradientNorm());
                }
            }
            float[] values = HostCopy.toFloats(store.values());
            for (int i = 0; i < ALL; i++) {
                assertThat((double) values[i]).as("number %d", i).isCloseTo(reference.values[i], within(2e-6));
            }
        }
    }

    @Test
    void decaysWeightsOnly() {
        float[] ones = new float[ALL];
        java.util.Arrays.fill(ones, 1);
        OptimizerConfig config = new OptimizerConfig(RATE, 0.9, 0.999, 1e-6, false, 0.5, 1);
        try (ParameterStore store = store(ones);
                AdamW optimizer = new AdamW(ENGINE, store, config);
                Engine.Scope scope = ENGINE.scope()) {
            optimizer.step(0, RATE, optimizer.gradientNorm());
            assertThat(HostCopy.toFloats(store.part("dense.weight").tensor())).containsOnly((float) (1 - RATE * 0.5));
            assertThat(HostCopy.toFloats(store.part("dense.bias").tensor())).containsOnly(1);
            assertThat(HostCopy.toFloats(store.part("LayerNorm.weight").tensor()))
                    .containsOnly(1);
            assertThat(HostCopy.toFloats(store.part("LayerNorm.bias").tensor())).containsOnly(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0.2", "10, 1", "0, 1"}) // the gradient's norm is 5
    void clipsToTheGlobalNorm(double clipNorm, float expectedFactor) {
        float[] gradient = new float[ALL];
        gradient[0] = 3;
        gradient[ALL - 1] = 4;
        OptimizerConfig config = new OptimizerConfig(RATE, 0.9, 0.999, 1e-6, false, 0, clipNorm);
        try (ParameterStore store = store(new float[ALL]);
                AdamW optimizer = new AdamW(ENGINE, store, config);
                Engine.Scope scope = ENGINE.scope()) {
            HostCopy.fromFloats(gradient, store.gradients());
            assertThat(optimizer.gradientNorm()).isCloseTo(5, within(1e-6));
            optimizer.step(0, RATE, 5);
            float[] first = HostCopy.toFloats(optimizer.firstMoment());
            assertThat(first[0]).isCloseTo(0.1f * 3 * expectedFactor, within(1e-6f));
            assertThat(first[ALL - 1]).isCloseTo(0.1f * 4 * expectedFactor, within(1e-6f));
        }
    }

    @Test
    void seesAnyGradientThatIsNotFinite() {
        OptimizerConfig config = new OptimizerConfig(RATE, 0.9, 0.999, 1e-6, false, 0, 1);
        try (ParameterStore store = store(new float[ALL]);
                AdamW optimizer = new AdamW(ENGINE, store, config);
                Engine.Scope scope = ENGINE.scope()) {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                float[] gradient = new float[ALL];
                gradient[7] = bad;
                HostCopy.fromFloats(gradient, store.gradients());
                assertThat(Double.isFinite(optimizer.gradientNorm())).isFalse();
            }
            store.gradients().zero_();
            assertThat(optimizer.gradientNorm()).isZero();
        }
    }
}
