package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A generator with several heads: several generators of different depths in one. */
class GeneratorHeadsTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final int VOCABULARY = 50;
    private static final int[] SOME = {1, 2, 5, 30, 31, 50, 70, 95};

    private static ModelConfig config(int heads) {
        ModelConfig model = TestConfigs.model(InitializationConfig.Scheme.STANDARD);
        NetworkConfig network = new NetworkConfig(5, 64, 2, 128);
        return new ModelConfig(
                model.embeddingSize(),
                ModelConfig.Sharing.NONE,
                model.maxPositions(),
                model.segmentTypes(),
                0,
                0,
                model.layerNormEpsilon(),
                model.initialization(),
                network,
                network,
                heads);
    }

    private static Electra model(ModelConfig config) {
        Electra model = new Electra(ENGINE, config, VOCABULARY, Set.of(Head.MIXTURE));
        Initialization.apply(model, config, 5);
        return model;
    }

    private static PackedInput input() {
        return PackedInput.of(ENGINE, TestBatches.random(3, 4, 24, VOCABULARY));
    }

    private static Tensor positions() {
        return HostCopy.toDevice(ENGINE, SOME, SOME.length);
    }

    @Test
    void headsStandOnTheLastLayerAndEvenlyBelow() {
        assertThat(Generator.depths(8, 3)).containsExactly(4, 6, 8);
        assertThat(Generator.depths(2, 2)).containsExactly(1, 2);
        assertThat(Generator.depths(12, 1)).containsExactly(12);
        assertThat(Generator.depths(12, 2)).containsExactly(8, 12);
        for (int layers = 1; layers < 30; layers++) {
            for (int heads = 1; heads <= layers; heads++) {
                assertThat(Generator.depths(layers, heads))
                        .doesNotHaveDuplicates()
                        .isSorted()
                        .endsWith(layers)
                        .doesNotContain(0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void eachHeadReadsTheLayerThatItStandsOn(double dropout) {
        try (Electra model = model(config(3));
                Engine.Scope scope = ENGINE.scope()) {
            List<Tensor> hidden_MH =
                    model.generator().encodeForHeads(input(), positions(), Dropout.seeded(ENGINE, dropout, dropout, 9));
            assertThat(hidden_MH).hasSize(3);
            Tensor last = model.generator().encode(input(), positions(), Dropout.seeded(ENGINE, dropout, dropout, 9));
            assertThat(hidden_MH.get(2).sub(last).abs().max().item_double()).isLessThan(1e-5);
            try (NoGradGuard noGrad = new NoGradGuard()) {
                List<Tensor> passed = model.generator()
                        .encodeForHeads(input(), positions(), Dropout.seeded(ENGINE, dropout, dropout, 9));
                for (int k = 0; k < 3; k++) {
                    assertThat(hidden_MH.get(k).sub(passed.get(k)).abs().max().item_double())
                            .isLessThan(1e-5);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void aHeadTeachesTheLayersDownToTheHeadBeforeIt(double dropout) {
        try (Electra model = model(config(2));
                Engine.Scope scope = ENGINE.scope()) {
            // On layers 3 and 5.
            assertThat(layersReached(model, 0, dropout)).containsExactly("embeddings", "0", "1", "2");
            assertThat(layersReached(model, 1, dropout)).containsExactly("3", "4");
        }
    }

    private static Set<String> layersReached(Electra model, int head, double dropout) {
        model.parameters().gradients().zero_();
        model.generator()
                .encodeForHeads(input(), positions(), Dropout.seeded(ENGINE, dropout, dropout, 9))
                .get(head)
                .select(1, 0)
                .sum()
                .backward();
        Set<String> reached = new TreeSet<>((left, right) ->
                left.length() == right.length() ? left.compareTo(right) : right.length() - left.length());
        model.parameters().partsIn(model.parameters().gradients()).forEach((name, part) -> {
            if (part.tensor().abs().max().item_float() > 0) {
                assertThat(name).startsWith("generator.");
                reached.add(
                        name.contains("embeddings.")
                                ? "embeddings"
                                : name.replaceAll(".*\\.layer\\.(\\d+)\\..*", "$1"));
            }
        });
        return reached;
    }

    @Test
    void withOneHeadItHasTheParametersOfAPlainGenerator() {
        try (Electra one = new Electra(ENGINE, config(1), VOCABULARY);
                Electra three = model(config(3))) {
            Set<String> more = new TreeSet<>(three.parameters().parts().keySet());
            more.removeAll(one.parameters().parts().keySet());
            assertThat(more).hasSize(2 * 5 + 1).allMatch(name -> name.matches("generator_(inner_[01]|mixture)\\..*"));
            assertThat(one.parameters().parts().keySet())
                    .filteredOn(name -> name.startsWith("generator"))
                    .allMatch(name -> name.startsWith("generator."));
        }
    }

    @Test
    void theMixtureReadsWhatTheHeadsReadAndTeachesThemNothing() {
        try (Electra model = model(config(2));
                Engine.Scope scope = ENGINE.scope()) {
            List<Tensor> hidden_MH = model.generator().encodeForHeads(input(), positions(), Dropout.NONE);
            float[] v = HostCopy.toFloats(
                    model.parameters().part("generator_mixture.dense.weight").tensor());
            float[] logits = HostCopy.toFloats(model.generator().mixtureLogits(hidden_MH));
            for (int k = 0; k < 2; k++) {
                float[] hidden = HostCopy.toFloats(hidden_MH.get(k));
                double sum = 0;
                for (int h = 0; h < v.length; h++) {
                    sum += v[h] * hidden[h];
                }
                assertThat(logits[k]).isCloseTo((float) sum, within(1e-5f));
            }
            model.parameters().gradients().zero_();
            model.generator().mixtureLogits(hidden_MH).sum().backward();
            model.parameters()
                    .partsIn(model.parameters().gradients())
                    .forEach(
                            (name, part) -> assertThat(part.tensor().abs().max().item_float() > 0)
                                    .as(name)
                                    .isEqualTo(name.startsWith("generator_mixture.")));
        }
    }
}
