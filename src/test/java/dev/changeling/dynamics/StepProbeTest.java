package dev.changeling.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.model.Parameter;
import dev.changeling.model.ParameterStore;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.Objects;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class StepProbeTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final String WORDS = "electra.embeddings.word_embeddings.weight";

    private static Tensor tensor(float... values) {
        return HostCopy.toDevice(ENGINE, values, values.length);
    }

    /** Two rows of two, and a parameter of the discriminator. */
    private static ParameterStore store(String words) {
        ParameterStore store = new ParameterStore();
        store.declare(words, Parameter.Kind.WEIGHT, 2, 2);
        store.declare("discriminator.discriminator_predictions.dense.weight", Parameter.Kind.WEIGHT, 1, 2);
        store.allocate(ENGINE);
        return store;
    }

    @Test
    void tellsTheLossesApartOverTwoReplicasAndTheirDeviceBatches() {
        try (ParameterStore first = store("shared." + WORDS);
                ParameterStore second = store("shared." + WORDS);
                Engine.Scope scope = ENGINE.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            first.values().copy_(tensor(3, 4, 1, 0, 0, 2));
            StepProbe probe = new StepProbe(first, 2);
            pass(probe, 0, first, tensor(0, 2, 0, 0, 8, 0), tensor(1, 0, 0, 0, 0, 0));
            pass(probe, 1, second, tensor(0, 1, 0, 0, 0, 6), tensor(0, 0, 0, 2, 0, 0));
            pass(probe, 0, first, tensor(0, 1, 0, 0, 0, 0), tensor(0, 0, 2, 0, 0, 0));
            first.gradients().add_(second.gradients());

            probe.beforeUpdate();
            first.gradients().zero_(); // whatever the optimizer does with them
            first.values().sub_(tensor(0, 0.5f, 0, 0, 0.2f, 0));
            Dynamics dynamics = probe.afterUpdate(tensor(1, 2, 1, 4, 1, 1), tensor(1, 2, 1, 4, 1, 1));

            TugOfWar tugOfWar = Objects.requireNonNull(dynamics.tugOfWar());
            assertThat(tugOfWar.discriminatorNorm()).isCloseTo(4, within(1e-6)); // (0, 4, 0, 0)
            assertThat(tugOfWar.generatorNorm()).isCloseTo(3, within(1e-6)); // (1, 0, 2, 2)
            assertThat(tugOfWar.cosine()).isCloseTo(0, within(1e-6));
            assertThat(tugOfWar.generatorAdamShare()).isCloseTo(Math.sqrt(5.25) / (Math.sqrt(5.25) + 2), within(1e-6));
            assertThat(dynamics.gradientNorms())
                    .containsOnly(
                            entry("shared", 5.0),
                            entry("shared.embeddings", 5.0),
                            entry("discriminator", 10.0),
                            entry("discriminator.head", 10.0));
            assertThat(dynamics.updateRatios().get("shared")).isCloseTo(0.5 / Math.sqrt(26), within(1e-6));
            assertThat(dynamics.updateRatios().get("discriminator.head")).isCloseTo(0.1, within(1e-6));
            // Of the table after the step: (3, 3.5) and (1, 0).
            assertThat(dynamics.isotropy().meanCosine()).isCloseTo(3 / Math.sqrt(21.25), within(1e-6));
        }
    }

    private static void pass(StepProbe probe, int replica, ParameterStore store, Tensor rtd, Tensor mlm) {
        probe.beforeDiscriminator(replica, store);
        store.gradients().add_(rtd);
        probe.afterDiscriminator(replica, store);
        store.gradients().add_(mlm);
    }

    @Test
    void withoutSharedTablesThereIsNoTugOfWarAndTheWordsAreTheDiscriminators() {
        try (ParameterStore store = store("discriminator." + WORDS);
                Engine.Scope scope = ENGINE.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            store.values().copy_(tensor(1, 0, 0, 1, 0, 0));
            StepProbe probe = new StepProbe(store, 1);
            probe.beforeDiscriminator(0, store);
            store.gradients().fill_(new Scalar(1));
            probe.afterDiscriminator(0, store);
            probe.beforeUpdate();
            Dynamics dynamics = probe.afterUpdate(tensor(1, 1, 1, 1, 1, 1), tensor(1, 1, 1, 1, 1, 1));
            assertThat(dynamics.tugOfWar()).isNull();
            assertThat(dynamics.isotropy().meanCosine()).isCloseTo(0, within(1e-6));
            assertThat(dynamics.gradientNorms()).containsKey("discriminator.embeddings");
            // A head whose weights are all 0 has no ratio.
            assertThat(dynamics.updateRatios()).containsOnlyKeys("discriminator", "discriminator.embeddings");
        }
    }
}
