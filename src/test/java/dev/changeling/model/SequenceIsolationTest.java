package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Sequences packed into one row must not see one another, nor the padding. */
class SequenceIsolationTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final int VOCABULARY = 50;
    private static final Electra MODEL = model();

    private static final RandomStream RANDOM = RandomStream.of(21, Purpose.ORDER);
    private static final int[] FIRST = TestBatches.sequence(RANDOM, 11, VOCABULARY);
    private static final int[] SECOND = TestBatches.sequence(RANDOM, 14, VOCABULARY);

    private static Electra model() {
        ModelConfig config = TestConfigs.model(InitializationConfig.Scheme.LOCAL);
        Electra model = new Electra(ENGINE, config, VOCABULARY);
        Initialization.apply(model, config, 5);
        return model;
    }

    @AfterAll
    static void close() {
        MODEL.close();
    }

    /** The discriminator's scores of all real tokens. */
    private static float[] scores(Batch batch) {
        try (Engine.Scope scope = ENGINE.scope()) {
            return HostCopy.toFloats(MODEL.discriminator().score(PackedInput.of(ENGINE, batch), Dropout.NONE));
        }
    }

    /** The generator's logits at one position. */
    private static float[] logits(Batch batch, int position) {
        try (Engine.Scope scope = ENGINE.scope()) {
            return HostCopy.toFloats(MODEL.generator()
                    .predict(
                            PackedInput.of(ENGINE, batch),
                            HostCopy.toDevice(ENGINE, new int[] {position}, 1),
                            Dropout.NONE));
        }
    }

    private static double furthest(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        double furthest = 0;
        for (int i = 0; i < a.length; i++) {
            furthest = Math.max(furthest, Math.abs(a[i] - b[i]));
        }
        return furthest;
    }

    @Test
    void changingASequenceLeavesItsNeighbourAlone() {
        Batch batch = TestBatches.row(32, FIRST, SECOND);
        float[] before = scores(batch);
        int[] changed = FIRST.clone();
        for (int i = 1; i < changed.length - 1; i++) {
            changed[i] = 5 + (changed[i] + 7) % (VOCABULARY - 5);
        }
        Batch other = TestBatches.row(32, changed, SECOND);
        float[] after = scores(other);

        assertThat(before).hasSize(25);
        assertThat(furthest(Arrays.copyOfRange(before, 11, 25), Arrays.copyOfRange(after, 11, 25)))
                .isLessThan(1e-6);
        assertThat(furthest(Arrays.copyOf(before, 11), Arrays.copyOf(after, 11)))
                .isGreaterThan(1e-2);
        assertThat(furthest(logits(batch, 15), logits(other, 15))).isLessThan(1e-6);
    }

    @Test
    void aTokenSeesItsWholeSequence() {
        int[] changed = SECOND.clone();
        changed[12] = 5 + (changed[12] + 7) % (VOCABULARY - 5);
        float[] before = scores(TestBatches.row(32, FIRST, SECOND));
        float[] after = scores(TestBatches.row(32, FIRST, changed));
        for (int i = 11; i < 25; i++) {
            assertThat(after[i]).as("token %d", i).isNotEqualTo(before[i]);
        }
    }

    @Test
    void aPackedRowEqualsItsSequencesRunAlone() {
        Batch packed = TestBatches.row(32, FIRST, SECOND);
        float[] together = scores(packed);
        float[] first = scores(TestBatches.row(FIRST.length, FIRST));
        float[] second = scores(TestBatches.row(SECOND.length, SECOND));
        assertThat(furthest(Arrays.copyOf(together, 11), first)).isLessThan(1e-5);
        assertThat(furthest(Arrays.copyOfRange(together, 11, 25), second)).isLessThan(1e-5);
        assertThat(furthest(logits(packed, 11 + 4), logits(TestBatches.row(SECOND.length, SECOND), 4)))
                .isLessThan(1e-5);
    }

    @Test
    void paddingHasNoInfluence() {
        Batch batch = TestBatches.row(32, FIRST, SECOND);
        float[] expected = scores(batch);
        int[] tokens = batch.tokens().clone();
        Arrays.fill(tokens, 25, 32, 30);
        Batch otherPadding =
                new Batch(1, 32, tokens, batch.sequences(), batch.positions(), batch.segments(), batch.realTokens());
        assertThat(furthest(scores(otherPadding), expected)).isLessThan(1e-6);
        assertThat(furthest(scores(TestBatches.row(60, FIRST, SECOND)), expected))
                .isLessThan(1e-5);
    }

    @Test
    void rowsOfABatchAreIndependent() {
        Batch batch = TestBatches.random(22, 3, 32, VOCABULARY);
        float[] together = scores(batch);
        int at = 0;
        for (int row = 0; row < 3; row++) {
            float[] alone = scores(TestBatches.rows(batch, row, 1));
            assertThat(furthest(Arrays.copyOfRange(together, at, at + alone.length), alone))
                    .as("row %d, seed 22", row)
                    .isLessThan(1e-5);
            at += alone.length;
        }
        assertThat(at).isEqualTo(together.length);
    }

    @Test
    void scoresAreAlwaysNumbers() {
        int[] whole = TestBatches.sequence(RandomStream.of(23, Purpose.ORDER), 32, VOCABULARY);
        assertThat(furthest(scores(TestBatches.row(32, whole)), new float[32])).isBetween(1e-6, 100.0);
        assertThat(scores(TestBatches.row(32))).isEmpty();
    }

    @Test
    void segmentsMatter() {
        Batch batch = TestBatches.row(32, FIRST);
        int[] segments = new int[32];
        Arrays.fill(segments, 5, 11, 1);
        Batch twoSegments =
                new Batch(1, 32, batch.tokens(), batch.sequences(), batch.positions(), segments, batch.realTokens());
        assertThat(furthest(scores(twoSegments), scores(batch))).isGreaterThan(1e-3);
    }
}
