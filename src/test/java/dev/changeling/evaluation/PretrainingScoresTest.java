package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.model.PackedInput;
import dev.changeling.objective.JointStep;
import dev.changeling.objective.Judged;
import dev.changeling.objective.Loss;
import dev.changeling.objective.Losses;
import dev.changeling.objective.Masked;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.MaskedPositions;
import dev.changeling.objective.MlmLoss;
import dev.changeling.objective.Predicted;
import dev.changeling.objective.Replaced;
import dev.changeling.objective.RtdLoss;
import dev.changeling.objective.Totals;
import dev.changeling.objective.WholeLogits;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class PretrainingScoresTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final float LN_3 = (float) Math.log(3);

    private static final FrequencyBands BANDS = FrequencyBands.of(new long[10], TestConfigs.SPECIAL);

    /** Returns a row whose first positions are masked, and in which every token is an original. */
    private static MaskedBatch batch(int[] originals, int tokens) {
        int[] row = new int[tokens];
        int[] positions = new int[originals.length];
        for (int i = 0; i < originals.length; i++) {
            row[i] = originals[i];
            positions[i] = i;
        }
        return new MaskedBatch(
                TestBatches.row(tokens, row),
                new MaskedPositions(positions, originals, originals),
                new float[originals.length],
                generators(originals.length),
                null,
                MaskedBatch.Place.END);
    }

    /** Returns that the generator writes all of some positions. */
    private static int[] generators(int positions) {
        int[] drawn = new int[positions];
        Arrays.fill(drawn, MaskedBatch.GENERATOR);
        return drawn;
    }

    private static Predictions predictions(
            Totals totals, float[][] logits, int[] originals, int[] samples, float[] scores, float[] labels) {
        return predictions(batch(originals, scores.length), totals, logits, samples, scores, labels);
    }

    private static Predictions predictions(
            MaskedBatch batch, Totals totals, float[][] logits, int[] samples, float[] scores, float[] labels) {
        int vocabulary = logits[0].length;
        float[] flat = new float[logits.length * vocabulary];
        for (int i = 0; i < logits.length; i++) {
            System.arraycopy(logits[i], 0, flat, i * vocabulary, vocabulary);
        }
        int[] originals = batch.masked().originals();
        PackedInput input = PackedInput.of(ENGINE, batch.batch());
        Masked masked = new Masked(
                input,
                HostCopy.toDevice(ENGINE, batch.masked().positions(), originals.length),
                HostCopy.toDevice(ENGINE, originals, originals.length));
        Replaced replaced = new Replaced(input, HostCopy.toDevice(ENGINE, labels, labels.length));
        Tensor logits_MV = HostCopy.toDevice(ENGINE, flat, logits.length, vocabulary);
        Tensor scores_T = HostCopy.toDevice(ENGINE, scores, scores.length);
        Tensor samples_M = HostCopy.toDevice(ENGINE, samples, samples.length);
        Predicted predicted = WholeLogits.predicted(logits_MV, masked.originals_M(), samples_M);
        Tensor mlmLoss = new MlmLoss(totals.masked(), 1e-6).of(predicted);
        Tensor rtdLoss = new RtdLoss(totals.tokens(), 1e-6).of(scores_T, replaced.labels_T());
        return Predictions.of(
                new JointStep(
                        new Losses(List.of(
                                new Losses.Term(Loss.MLM, 1, mlmLoss, Totals.Over.MASKED),
                                new Losses.Term(Loss.RTD, 50, rtdLoss, Totals.Over.TOKENS))),
                        masked,
                        predicted,
                        samples_M,
                        replaced,
                        new Judged(new Losses(List.of()), null, scores_T, null)),
                batch,
                totals);
    }

    @Test
    void countsASmallCaseExactly() {
        // Three masked positions and six tokens, in two device batches of one step.
        Totals totals = new Totals(3, 6, 1);
        PretrainingScores scores = new PretrainingScores(BANDS);
        try (Engine.Scope scope = ENGINE.scope()) {
            scores.add(predictions(
                    totals,
                    new float[][] {{LN_3, 0}, {0, LN_3}}, // probabilities ¾ ¼ and ¼ ¾
                    new int[] {0, 0}, // guessed right, then wrong
                    new int[] {1, 0}, // sampled wrong, then right
                    new float[] {1, -1, 1, -1},
                    new float[] {1, 0, 0, 0}));
            scores.add(predictions(
                    totals, new float[][] {{0, LN_3}}, new int[] {1}, new int[] {1}, new float[] {-2, 0}, new float[] {
                        1, 0
                    }));
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
        // Four negatives, of which the one at 1 is called replaced.
        assertThat(report.rtdFalseAlarmRate()).isCloseTo(1 / 4.0, within(1e-12));
        // Positives at 1 and −2, negatives at −1, 1, −1, 0: 3½ of 8 pairs won.
        assertThat(report.rtdAuc()).isCloseTo(3.5 / 8, within(1e-12));
        // P is .731 twice (one replaced), .269 twice (none), .119 (replaced) and .5 (not), each in a bin of its own.
        double high = 1 / (1 + Math.exp(-1));
        double low = 1 / (1 + Math.exp(2));
        assertThat(report.rtdCalibrationError())
                .isCloseTo((Math.abs(2 * high - 1) + 2 * (1 - high) + (1 - low) + 0.5) / 6, within(1e-7));
    }

    @Test
    void aReplacementFromTokenFrequenciesIsNoSampleOfTheGenerators() {
        MaskedBatch batch = new MaskedBatch(
                TestBatches.row(3, new int[] {5, 6, 7}),
                new MaskedPositions(new int[] {0, 1, 2}, new int[] {5, 6, 7}, new int[] {4, 4, 4}),
                new float[3],
                new int[] {MaskedBatch.GENERATOR, 6, MaskedBatch.GENERATOR},
                null,
                MaskedBatch.Place.END);
        PretrainingScores scores = new PretrainingScores(FrequencyBands.of(new long[8], TestConfigs.SPECIAL));
        try (Engine.Scope scope = ENGINE.scope()) {
            scores.add(predictions(
                    batch, new Totals(3, 3, 1), new float[3][8], new int[] {5, 6, 6}, new float[3], new float[] {0, 0, 1
                    }));
        }
        assertThat(scores.report().masked()).isEqualTo(3);
        assertThat(scores.report().sampledAccuracy()).isEqualTo(0.5);
    }

    @Test
    void countsByFrequencyOfTheOriginalAndByQuarterOfTheRow() {
        long[] counts = new long[200];
        Arrays.setAll(counts, token -> 1000 - token); // the ids from 5 are ranks 1, 2 and so on: 105 is rank 101
        counts[TestConfigs.SPECIAL.unknown()] = 0;
        PretrainingScores scores = new PretrainingScores(FrequencyBands.of(counts, TestConfigs.SPECIAL));
        // [CLS] a b c | d e f [SEP], eight places: two tokens a quarter. Frequent: a, b, f.
        int[] row = {2, 5, 104, 105, 150, 199, 7, 3};
        MaskedBatch batch = new MaskedBatch(
                TestBatches.row(8, row),
                new MaskedPositions(new int[] {1, 3, 5}, new int[] {5, 105, 199}, new int[] {4, 4, 4}),
                new float[3],
                generators(3),
                null,
                MaskedBatch.Place.END);
        float[][] logits = new float[3][200];
        logits[0][5] = 9; // guessed right
        logits[1][5] = 9;
        logits[2][199] = 9;
        try (Engine.Scope scope = ENGINE.scope()) {
            scores.add(predictions(
                    batch,
                    new Totals(3, 8, 1),
                    logits,
                    new int[] {5, 6, 6},
                    new float[] {-1, 1, -1, 2, -1, -2, 1, -1},
                    new float[] {0, 0, 0, 1, 0, 1, 0, 0}));
        }
        Map<String, TokenReport> parts = scores.report().parts();
        assertThat(parts.keySet())
                .containsExactly(
                        "rank_1_100",
                        "rank_101_1000",
                        "rank_1001_10000",
                        "rank_over_10000",
                        "quarter_1",
                        "quarter_2",
                        "quarter_3",
                        "quarter_4");
        TokenReport frequent = part(parts, "rank_1_100");
        assertThat(frequent.tokens()).isEqualTo(3); // [CLS] and [SEP] have no rank
        assertThat(frequent.masked()).isEqualTo(1);
        assertThat(frequent.mlmAccuracy()).isEqualTo(1);
        assertThat(frequent.sampledAccuracy()).isEqualTo(1);
        assertThat(frequent.replacedFraction()).isZero();
        assertThat(frequent.rtdFalseAlarmRate()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(frequent.rtdRecall()).isNaN();
        assertThat(frequent.rtdAuc()).isNaN();
        TokenReport rarer = part(parts, "rank_101_1000");
        assertThat(rarer.tokens()).isEqualTo(3);
        assertThat(rarer.mlmAccuracy()).isEqualTo(0.5);
        assertThat(rarer.sampledAccuracy()).isZero();
        assertThat(rarer.replacedFraction()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(rarer.rtdRecall()).isEqualTo(0.5);
        assertThat(rarer.rtdPrecision()).isEqualTo(1);
        assertThat(rarer.rtdAuc()).isEqualTo(0.5);
        assertThat(part(parts, "rank_1001_10000").tokens()).isZero();
        assertThat(part(parts, "rank_1001_10000").mlmAccuracy()).isNaN();
        assertThat(part(parts, "rank_1001_10000").rtdCalibrationError()).isNaN();
        TokenReport third = part(parts, "quarter_3");
        assertThat(third.tokens()).isEqualTo(2);
        assertThat(third.replacedFraction()).isEqualTo(0.5);
        assertThat(third.rtdAuc()).isZero();
        assertThat(part(parts, "quarter_4").masked()).isZero();
        assertThat(part(parts, "quarter_4").rtdFalseAlarmRate()).isEqualTo(0.5);
    }

    private static TokenReport part(Map<String, TokenReport> parts, String name) {
        return Objects.requireNonNull(parts.get(name));
    }

    @Test
    void weighsStepsByTheirPositionsAndTokens() {
        PretrainingScores scores = new PretrainingScores(BANDS);
        try (Engine.Scope scope = ENGINE.scope()) {
            Totals one = new Totals(1, 1, 1);
            scores.add(predictions(
                    one, new float[][] {{LN_3, 0}}, new int[] {0}, new int[] {0}, new float[] {LN_3}, new float[] {1}));
            Totals three = new Totals(3, 3, 1);
            scores.add(predictions(
                    three,
                    new float[][] {{0, 0}, {0, 0}, {0, 0}},
                    new int[] {0, 0, 0},
                    new int[] {0, 0, 0},
                    new float[] {0, 0, 0},
                    new float[] {0, 0, 0}));
        }
        double expected = (-Math.log(0.75) + 3 * Math.log(2)) / 4;
        assertThat(scores.report().mlmLoss()).isCloseTo(expected, within(1e-6));
        assertThat(scores.report().rtdLoss()).isCloseTo(expected, within(1e-6));
    }

    @Test
    void reportsNoLossesForNothing() {
        PretrainingReport report = new PretrainingScores(BANDS).report();
        assertThat(report.mlmLoss()).isNaN();
        assertThat(report.rtdLoss()).isNaN();
        assertThat(report.loss()).isZero();
        assertThat(report.tokens()).isZero();
        assertThat(report.rtdAuc()).isEqualTo(0.5);
    }
}
