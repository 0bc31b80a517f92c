package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class LossesTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final double EPSILON = 1e-6;

    private static double mlmLoss(long totalMasked, float[] logits, int... originals) {
        try (Engine.Scope scope = ENGINE.scope()) {
            long masked = originals.length;
            Tensor logits_MV = HostCopy.toDevice(ENGINE, logits, masked, logits.length / masked);
            Tensor originals_M = HostCopy.toDevice(ENGINE, originals, masked);
            return new MlmLoss(totalMasked, EPSILON)
                    .of(WholeLogits.predicted(logits_MV, originals_M, originals_M))
                    .item_double();
        }
    }

    private static double rtdLoss(long totalTokens, float[] scores, float... labels) {
        try (Engine.Scope scope = ENGINE.scope()) {
            return new RtdLoss(totalTokens, EPSILON)
                    .of(
                            HostCopy.toDevice(ENGINE, scores, scores.length),
                            HostCopy.toDevice(ENGINE, labels, labels.length))
                    .item_double();
        }
    }

    @Test
    void mlmLossIsTheMeanNegativeLogLikelihoodOfTheOriginals() {
        float ln2 = (float) Math.log(2);
        // Probabilities ¼ ½ ¼ and ⅓ ⅓ ⅓.
        float[] logits = {0, ln2, 0, 7, 7, 7};
        assertThat(mlmLoss(2, logits, 1, 2)).isCloseTo((Math.log(2) + Math.log(3)) / 2, within(1e-6));
        assertThat(mlmLoss(2, logits, 0, 2)).isCloseTo((Math.log(4) + Math.log(3)) / 2, within(1e-6));
    }

    @Test
    void mlmLossOfADeviceBatchIsItsShareOfTheTotalBatch() {
        assertThat(mlmLoss(10, new float[] {0, 0}, 1)).isCloseTo(Math.log(2) / 10, within(1e-6));
    }

    @Test
    void mlmLossOfNoMaskedPositionsIsZero() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor none = HostCopy.toDevice(ENGINE, new float[0], 0);
            Predicted predicted = new Predicted(none.sum(), none, none, none, null);
            assertThat(new MlmLoss(0, EPSILON).of(predicted).item_double()).isZero();
        }
    }

    @Test
    void rtdLossIsTheMeanBinaryCrossEntropy() {
        float ln3 = (float) Math.log(3); // probability ¾
        float[] scores = {0, 0, ln3, ln3, -ln3};
        double expected = (2 * Math.log(2) - Math.log(0.75) - Math.log(0.25) - Math.log(0.75)) / 5;
        assertThat(rtdLoss(5, scores, 0, 1, 1, 0, 0)).isCloseTo(expected, within(1e-6));
        assertThat(rtdLoss(20, scores, 0, 1, 1, 0, 0)).isCloseTo(expected / 4, within(1e-6));
    }

    @Test
    void lossesStayFiniteAtExtremeLogits() {
        assertThat(mlmLoss(1, new float[] {1000, 0}, 1)).isCloseTo(1000, within(1e-2));
        assertThat(rtdLoss(2, new float[] {1000, -1000}, 0, 1)).isCloseTo(1000, within(1e-3));
        assertThat(rtdLoss(2, new float[] {1000, -1000}, 1, 0)).isZero();
    }

    @Test
    void theEpsilonIsAddedToTheCountOfEither() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor original_M = HostCopy.toDevice(ENGINE, new int[1], 1);
            Tensor logits_MV = HostCopy.toDevice(ENGINE, new float[] {0, 0}, 1, 2);
            assertThat(new MlmLoss(1, 0.5)
                            .of(WholeLogits.predicted(logits_MV, original_M, original_M))
                            .item_double())
                    .isCloseTo(Math.log(2) / 1.5, within(1e-6));
            Tensor label_T = HostCopy.toDevice(ENGINE, new float[] {1}, 1);
            assertThat(new RtdLoss(1, 0.5)
                            .of(HostCopy.toDevice(ENGINE, new float[] {0}, 1), label_T)
                            .item_double())
                    .isCloseTo(Math.log(2) / 1.5, within(1e-6));
        }
    }

    @Test
    void theTotalIsTheWeightedSum() {
        try (Engine.Scope scope = ENGINE.scope()) {
            Tensor three = HostCopy.toDevice(ENGINE, new float[] {3}, 1);
            Tensor half = HostCopy.toDevice(ENGINE, new float[] {0.5f}, 1);
            Losses losses = new Losses(List.of(
                    new Losses.Term(Loss.MLM, 2, three, Totals.Over.MASKED),
                    new Losses.Term(
                            Loss.BASELINE, 0, HostCopy.toDevice(ENGINE, new float[] {9}, 1), Totals.Over.MASKED),
                    new Losses.Term(Loss.RTD, 50, half, Totals.Over.TOKENS)));
            assertThat(losses.sum().orElseThrow().item_double()).isEqualTo(31);
            assertThat(losses.ofGenerator().orElseThrow().item_double()).isEqualTo(6);
            assertThat(losses.ofDiscriminator().orElseThrow().item_double()).isEqualTo(25);
        }
    }
}
