package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InitializationTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final double DEVIATION = 0.02;

    private static Map<String, float[]> start(int layers, int vocabularySize, long seed) {
        NetworkConfig network = new NetworkConfig(layers, 64, 2, 128);
        ModelConfig config = new ModelConfig(
                64,
                64,
                2,
                0,
                0,
                1e-12,
                new InitializationConfig(InitializationConfig.Scheme.STANDARD, DEVIATION, 0, 0),
                network,
                network);
        try (Electra model = new Electra(ENGINE, config, vocabularySize);
                Engine.Scope scope = ENGINE.scope()) {
            Initialization.apply(model, config, seed);
            Map<String, float[]> weights = new LinkedHashMap<>();
            model.parameters().parts().forEach((name, part) -> weights.put(name, HostCopy.toFloats(part.tensor())));
            return weights;
        }
    }

    @Test
    void givesTheSameWeightsForTheSameSeedOnly() {
        Map<String, float[]> weights = start(2, 50, 7);
        start(2, 50, 7).forEach((name, values) -> assertThat(values).as(name).isEqualTo(weights.get(name)));
        start(2, 50, 8).forEach((name, values) -> {
            if (name.endsWith(".weight") && !name.contains("LayerNorm")) {
                assertThat(values).as(name).isNotEqualTo(weights.get(name));
            }
        });
    }

    @Test
    void givesATensorTheSameWeightsWhateverElseTheModelHolds() {
        Map<String, float[]> small = start(2, 50, 7);
        Map<String, float[]> large = start(3, 50, 7);
        assertThat(large).hasSizeGreaterThan(small.size());
        small.forEach((name, values) -> assertThat(large.get(name)).as(name).isEqualTo(values));
    }

    @Test
    void givesEachTensorWeightsOfItsOwn() {
        Map<String, float[]> weights = start(2, 50, 7);
        assertThat(weights.values().stream()
                        .filter(values -> values.length > 128)
                        .map(values -> values[0])
                        .distinct()
                        .count())
                .isEqualTo(weights.values().stream()
                        .filter(values -> values.length > 128)
                        .count());
    }

    @Test
    void drawsWeightsFromANormalDistributionCutAtTwoDeviations() {
        float[] words =
                Objects.requireNonNull(start(2, 2000, 9).get("shared.electra.embeddings.word_embeddings.weight"));
        double sum = 0;
        double squares = 0;
        int withinOne = 0;
        float largest = 0;
        for (float value : words) {
            sum += value;
            squares += value * value;
            withinOne += Math.abs(value) < DEVIATION ? 1 : 0;
            largest = Math.max(largest, Math.abs(value));
        }
        int count = words.length;
        assertThat(largest).isLessThanOrEqualTo((float) (2 * DEVIATION)).isGreaterThan((float) (1.99 * DEVIATION));
        assertThat(sum / count).isCloseTo(0, within(4 * DEVIATION / Math.sqrt(count)));
        // A standard normal cut at ±2 has deviation 0.8796, and 0.6827 / 0.9545 of it lies within ±1.
        assertThat(Math.sqrt(squares / count)).isCloseTo(0.8796 * DEVIATION, within(0.01 * DEVIATION));
        assertThat(withinOne / (double) count).isCloseTo(0.7152, within(0.006));
    }

    @Test
    void startsBiasesAtZeroAndLayerNormsAtOneAndZero() {
        Map<String, float[]> weights = start(2, 50, 7);
        weights.forEach((name, values) -> {
            if (name.endsWith("LayerNorm.weight")) {
                assertThat(values).as(name).containsOnly(1);
            } else if (name.endsWith("bias")) {
                assertThat(values).as(name).containsOnly(0);
            } else {
                assertThat(values).as(name).doesNotContain(0);
            }
        });
    }
}
