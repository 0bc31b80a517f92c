package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BinaryScoresTest {

    private static BinaryScores of(float[] logits, float[] labels) {
        BinaryScores scores = new BinaryScores();
        scores.add(logits, labels);
        return scores;
    }

    /** The definition: over all pairs of a positive and a negative. */
    private static double aucByPairs(float[] logits, float[] labels) {
        double won = 0;
        long pairs = 0;
        for (int i = 0; i < logits.length; i++) {
            for (int j = 0; j < logits.length; j++) {
                if (labels[i] == 1 && labels[j] == 0) {
                    won += logits[i] > logits[j] ? 1 : logits[i] == logits[j] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        return won / pairs;
    }

    @Test
    void areaUnderTheCurveFollowsItsDefinitionWithTies() {
        for (long seed = 0; seed < 40; seed++) {
            RandomStream random = RandomStream.of(seed, Purpose.ORDER);
            int count = 2 + random.nextInt(400);
            int levels = 1 + random.nextInt(seed % 2 == 0 ? 8 : 5000);
            float[] logits = new float[count];
            float[] labels = new float[count];
            for (int i = 0; i < count; i++) {
                labels[i] = i == 0 ? 1 : i == 1 ? 0 : random.nextInt(5) == 0 ? 1 : 0;
                logits[i] = (random.nextInt(2 * levels + 1) - levels) * 0.37f + labels[i] * 0.5f;
            }
            assertThat(of(logits, labels).auc())
                    .as("seed %d", seed)
                    .isCloseTo(aucByPairs(logits, labels), within(1e-12));
        }
    }

    @Test
    void ordersNegativesZerosAndExtremes() {
        float[] logits = {
            Float.NEGATIVE_INFINITY,
            -Float.MAX_VALUE,
            -2,
            -1,
            -Float.MIN_VALUE,
            -0f,
            0f,
            Float.MIN_VALUE,
            1,
            2,
            Float.MAX_VALUE,
            Float.POSITIVE_INFINITY
        };
        for (int positives = 1; positives < 1 << logits.length; positives += 37) {
            float[] labels = new float[logits.length];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = positives >> i & 1;
            }
            assertThat(of(logits, labels).auc())
                    .as("positives %s", Integer.toBinaryString(positives))
                    .isCloseTo(aucByPairs(logits, labels), within(1e-12));
        }
        assertThat(of(new float[] {-0f, 0f}, new float[] {1, 0}).auc()).isEqualTo(0.5);
    }

    @Test
    void knowsAPerfectAReversedAndABlindClassifier() {
        float[] labels = {0, 0, 1, 1};
        assertThat(of(new float[] {-2, -1, 1, 2}, labels).auc()).isEqualTo(1);
        assertThat(of(new float[] {2, 1, -1, -2}, labels).auc()).isZero();
        assertThat(of(new float[] {1, 1, 1, 1}, labels).auc()).isEqualTo(0.5);
    }

    @Test
    void countsRightAndWrong() {
        // 3 true positives, 1 false positive, 2 false negatives (one at 0, which is not above it), 4 true negatives.
        float[] logits = {1, 2, 3, 4, -1, 0, -1, -2, -3, -4};
        float[] labels = {1, 1, 1, 0, 1, 1, 0, 0, 0, 0};
        BinaryScores scores = of(logits, labels);
        assertThat(scores.count()).isEqualTo(10);
        assertThat(scores.accuracy()).isCloseTo(0.7, within(1e-12));
        assertThat(scores.precision()).isCloseTo(0.75, within(1e-12));
        assertThat(scores.recall()).isCloseTo(0.6, within(1e-12));
        assertThat(scores.positiveFraction()).isCloseTo(0.5, within(1e-12));
        assertThat(scores.majorityLoss()).isCloseTo(Math.log(2), within(1e-12));
    }

    @Test
    void majorityLossIsTheEntropyOfTheFraction() {
        float[] labels = new float[100];
        Arrays.fill(labels, 0, 6, 1);
        // A discriminator that always says "original" has loss .227 at 6 %, .405 at 14 %.
        assertThat(of(new float[100], labels).majorityLoss()).isCloseTo(0.227, within(5e-4));
        Arrays.fill(labels, 0, 14, 1);
        assertThat(of(new float[100], labels).majorityLoss()).isCloseTo(0.405, within(5e-4));
    }

    @Test
    void hasAnAnswerForOneClassAndForNothing() {
        BinaryScores originals = of(new float[] {-1, 1}, new float[] {0, 0});
        assertThat(originals.auc()).isEqualTo(0.5);
        assertThat(originals.majorityLoss()).isZero();
        assertThat(originals.recall()).isZero();
        assertThat(originals.precision()).isZero();
        assertThat(originals.accuracy()).isEqualTo(0.5);

        BinaryScores allReplaced = of(new float[] {-1, -1}, new float[] {1, 1});
        assertThat(allReplaced.auc()).isEqualTo(0.5);
        assertThat(allReplaced.majorityLoss()).isZero();
        assertThat(allReplaced.precision()).isZero();

        BinaryScores nothing = new BinaryScores();
        assertThat(nothing.count()).isZero();
        assertThat(nothing.auc()).isEqualTo(0.5);
        assertThat(nothing.accuracy()).isZero();
        assertThat(nothing.positiveFraction()).isZero();
    }

    @Test
    void addsUpOverAnyNumberOfBatches() {
        RandomStream random = RandomStream.of(41, Purpose.ORDER);
        int count = 5000;
        float[] logits = new float[count];
        float[] labels = new float[count];
        for (int i = 0; i < count; i++) {
            logits[i] = random.nextInt(200) - 100;
            labels[i] = random.nextInt(7) == 0 ? 1 : 0;
        }
        BinaryScores inParts = new BinaryScores();
        for (int from = 0; from < count; ) {
            int to = Math.min(count, from + random.nextInt(1500));
            inParts.add(Arrays.copyOfRange(logits, from, to), Arrays.copyOfRange(labels, from, to));
            from = to;
        }
        BinaryScores whole = of(logits, labels);
        assertThat(inParts.count()).isEqualTo(count);
        assertThat(inParts.auc()).isEqualTo(whole.auc()).isCloseTo(aucByPairs(logits, labels), within(1e-12));
        assertThat(inParts.accuracy()).isEqualTo(whole.accuracy());
        assertThat(inParts.precision()).isEqualTo(whole.precision());
        assertThat(inParts.recall()).isEqualTo(whole.recall());
    }
}
