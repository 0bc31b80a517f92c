package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.model.PackedInput;
import dev.changeling.objective.JointStep;
import dev.changeling.objective.Masked;
import dev.changeling.objective.MlmLoss;
import dev.changeling.objective.Predicted;
import dev.changeling.objective.Replaced;
import dev.changeling.objective.RtdLoss;
import dev.changeling.objective.Totals;
import dev.changeling.objective.WholeLogits;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class PretrainingScoresTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final float LN_3 = (float) Math.log(3);

    private static JointStep step(
            Totals totals, float[][] logits, int[] originals, int[] samples, float[] scores, float[] labels) {
        int vocabulary = logits[0].length;
        float[] flat = new float[logits.length * vocabulary];
        for (int i = 0; i < logits.length; i++) {
            System.arraycopy(logits[i], 0, flat, i * vocabulary, vocabulary);
        }
        PackedInput input = PackedInput.of(ENGINE, TestBatches.row(4, new int[] {2, 5, 3}));
        Masked masked = new Masked(
                input,
                HostCopy.toDevice(ENGINE, new int[originals.length], originals.length),
                HostCopy.toDevice(ENGINE, originals, originals.length));
        Replaced replaced = new Replaced(input, HostCopy.toDevice(ENGINE, labels, labels.length));
        Tensor logits_MV = HostCopy.toDevice(ENGINE, flat, logits.length, vocabulary);
        Tensor scores_T = HostCopy.toDevice(ENGINE, scores, scores.length);
        Tensor samples_M = HostCopy.toDevice(ENGINE, samples, samples.length);
        Predicted predicted = WholeLogits.predicted(logits_MV, masked.originals_M(), samples_M);
        Tensor mlmLoss = new MlmLoss(totals.masked(), 1e-6).of(predicted);
        Tensor rtdLoss = new RtdLoss(totals.tokens(), 1e-6).of(scores_T, replaced);
        return new JointStep(mlmLoss, mlmLoss, rtdLoss, masked, predicted, samples_M, replaced, scores_T);
    }

    @Test
    void countsASmallCaseExactly() {
        // Three masked positions and six tokens, in two device batches of one step.
        Totals totals = new Totals(3, 6);
        PretrainingScores scores = new PretrainingScores();
        try (Engine.Scope scope = ENGINE.scope()) {
            scores.add(Predictions.of(
                    step(
                            totals,
                            new float[][] {{LN_3, 0}, {0, LN_3}}, // probabilities ¾ ¼ and ¼ ¾
                            new int[] {0, 0}, // guessed right, then wrong
                            new int[] {1, 0}, // sampled wrong, then right
                            new float[] {1, -1, 1, -1},
                            new float[] {1, 0, 0, 0}),
                    totals));
            scores.add(Predictions.of(
                    step(
                            totals,
                            new float[][] {{0, LN_3}},
                            new int[] {1},
                            new int[] {1},
                            new float[] {-2, 0},
                            new float[] {1, 0}),
                    totals));
        }
        PretrainingReport report = scores.report();
        assertThat(report.masked()).isEqualTo(3);
        assertThat(report.tokens()).isEqualTo(6);
        assertThat(report.mlmLoss()).isCloseTo((-Math.log(0.75) - Math.log(0.25) - Math.log(0.75)) / 3, within(1e-6));
        assertThat(report.mlmAccuracy()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(report.sampledAccuracy()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(report.generatorEntropy()).isCloseTo(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), within(1e-6));
        assertThat(report.replacedFraction()).isCloseTo(2 / 6.0, within(1e-12));
        double wrongAtOne = Math.log1p(Math.exp(1));
        double rightAtOne = Math.log1p(Math.exp(-1));
        assertThat(report.rtdLoss())
                .isCloseTo((3 * rightAtOne + wrongAtOne + Math.log1p(Math.exp(2)) + Math.log(2)) / 6, within(1e-6));
        assertThat(report.rtdMajorityLoss())
                .isCloseTo(-Math.log(1 / 3.0) / 3 - 2 * Math.log(2 / 3.0) / 3, within(1e-12));
        assertThat(report.rtdAccuracy()).isCloseTo(4 / 6.0, within(1e-12));
        assertThat(report.rtdPrecision()).isCloseTo(1 / 2.0, within(1e-12));
        assertThat(report.rtdRecall()).isCloseTo(1 / 2.0, within(1e-12));
        // Positives at 1 and −2, negatives at −1, 1, −1, 0: 3½ of 8 pairs won.
        assertThat(report.rtdAuc()).isCloseTo(3.5 / 8, within(1e-12));
    }

    @Test
    void weighsStepsByTheirPositionsAndTokens() {
        PretrainingScores scores = new PretrainingScores();
        try (Engine.Scope scope = ENGINE.scope()) {
            Totals one = new Totals(1, 1);
            scores.add(Predictions.of(
                    step(one, new float[][] {{LN_3, 0}}, new int[] {0}, new int[] {0}, new float[] {LN_3}, new float[] {
                        1
                    }),
                    one));
            Totals three = new Totals(3, 3);
            scores.add(Predictions.of(
                    step(
                            three,
                            new float[][] {{0, 0}, {0, 0}, {0, 0}},
                            new int[] {0, 0, 0},
                            new int[] {0, 0, 0},
                            new float[] {0, 0, 0},
                            new float[] {0, 0, 0}),
                    three));
        }
        double expected = (-Math.log(0.75) + 3 * Math.log(2)) / 4;
        assertThat(scores.report().mlmLoss()).isCloseTo(expected, within(1e-6));
        assertThat(scores.report().rtdLoss()).isCloseTo(expected, within(1e-6));
    }

    @Test
    void reportsZerosForNothing() {
        PretrainingReport report = new PretrainingScores().report();
        assertThat(report.mlmLoss()).isZero();
        assertThat(report.rtdLoss()).isZero();
        assertThat(report.tokens()).isZero();
        assertThat(report.rtdAuc()).isEqualTo(0.5);
    }
}
