package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.config.ObjectiveConfig;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import org.junit.jupiter.api.Test;

/** What changes while a run goes on, and what is left out. */
class SettingsOverTheRunTest {

    @Test
    void lambdaGoesToItsEndInAStraightLine() {
        try (Variant variant = Variant.of("electra", "objective.rtd_start_factor=0.2")) {
            ObjectiveConfig objective = variant.config().objective();
            assertThat(objective.rtdWeightAt(0)).isCloseTo(10, within(1e-9));
            assertThat(objective.rtdWeightAt(0.5)).isCloseTo(30, within(1e-9));
            assertThat(objective.rtdWeightAt(1)).isCloseTo(50, within(1e-9));
            try (Engine.Scope scope = Variant.ENGINE.scope()) {
                JointStep step = variant.pass(variant.masked(50));
                assertThat(step.loss().item_double())
                        .isCloseTo(
                                step.mlmLoss().item_double()
                                        + 30 * step.rtdLoss().item_double(),
                                within(1e-4));
            }
        }
    }

    @Test
    void theTemperatureFallsExponentially() {
        try (Variant variant = Variant.of("fast-electra")) {
            assertThat(variant.config().objective().sampling().temperatureAt(0)).isCloseTo(2, within(1e-9));
            assertThat(variant.config().objective().sampling().temperatureAt(0.1))
                    .isCloseTo(1 + Math.exp(-1), within(1e-9));
            assertThat(variant.config().objective().sampling().temperatureAt(1)).isCloseTo(1, within(1e-4));
        }
    }

    @Test
    void hotterSamplesAreTheOriginalLessOften() {
        try (Variant variant = Variant.of(
                        "electra",
                        "objective.sampling.start_factor=100",
                        "objective.sampling.start_decay=0.01",
                        "model.initialization.standard_deviation=0.6");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            int[] cold = HostCopy.toInts(variant.pass(variant.masked(99)).samples_M());
            int[] hot = HostCopy.toInts(variant.pass(variant.masked(0)).samples_M());
            assertThat(java.util.Arrays.stream(hot).distinct().count())
                    .isGreaterThan(java.util.Arrays.stream(cold).distinct().count());
        }
    }

    @Test
    void theOriginalIsNeverDrawnWhereItIsNotAllowed() {
        try (Variant plain = Variant.of("electra");
                Variant variant = Variant.of("disallow-correct", "objective.sampling.unigram_fraction=0");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            int drawn = 0;
            for (long step = 0; step < 40; step++) {
                MaskedBatch masked = variant.masked(step);
                int[] samples = HostCopy.toInts(variant.pass(masked).samples_M());
                int[] others = HostCopy.toInts(plain.pass(plain.masked(step)).samples_M());
                for (int i = 0; i < samples.length; i++) {
                    assertThat(samples[i]).isNotEqualTo(masked.masked().originals()[i]);
                }
                int[] originals = plain.masked(step).masked().originals();
                for (int i = 0; i < others.length; i++) {
                    drawn += others[i] == originals[i] ? 1 : 0;
                }
            }
            assertThat(drawn).as("originals drawn where they are allowed").isPositive();
        }
    }

    @Test
    void notDrawingTheOriginalChangesNoLossOfTheGenerator() {
        try (Variant plain = Variant.of("whole-word");
                Variant variant = Variant.of("whole-word", "objective.sampling.disallow_correct=true");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            assertThat(variant.pass(variant.masked(3)).mlmLoss().item_double())
                    .isEqualTo(plain.pass(plain.masked(3)).mlmLoss().item_double());
        }
    }

    @Test
    void detectionAtTheMaskedPositionsIsAveragedOverThem() {
        try (Variant variant = Variant.of("electra-15");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            JointStep step = variant.pass(variant.masked(3));
            float[] scores = HostCopy.toFloats(step.scores_T().orElseThrow());
            float[] labels = HostCopy.toFloats(step.replaced().labels_T());
            int[] at = HostCopy.toInts(
                    step.masked().input().amongReal(step.masked().positions_M()));
            double sum = 0;
            for (int i : at) {
                sum += Math.log1p(Math.exp(labels[i] > 0 ? -scores[i] : scores[i]));
            }
            assertThat(step.rtdLoss().item_double()).isCloseTo(sum / at.length, within(1e-5));
        }
    }
}
