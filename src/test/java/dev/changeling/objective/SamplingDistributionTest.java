package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.ChiSquare;
import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.InitializationConfig.Scheme;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * More than 100,000 replacements as training draws them: masked positions, uniform numbers, the generator's logits, the
 * sampler and the labels together. The generator knows nothing but its output bias, so that its softmax is known; each
 * count is held to it by a chi-square test at p = 1/10,000 ({@link ChiSquare}).
 */
class SamplingDistributionTest {
    private static final long SEED = 31;
    private static final int ROWS = 64;
    private static final int LENGTH = 64;
    private static final int STEPS = 200;
    /** Padding and specials, which a generator may write, then words. */
    private static final float[] LOGITS = {-1, -2, -1.5f, -2, -1, 0, 0.7f, 1.5f, -0.3f, 1, 0.2f};

    private static final int VOCABULARY = LOGITS.length;

    private static final long[] DRAWN = new long[VOCABULARY];
    private static final long[] DRAWN_AFTER = new long[VOCABULARY * VOCABULARY];
    private static final long[][] DRAWN_FOR = new long[VOCABULARY][VOCABULARY];
    private static long wronglyLabelled;
    private static long replaced;

    @BeforeAll
    static void draw() {
        NetworkConfig smallest = new NetworkConfig(1, 4, 1, 4);
        ModelConfig plain = TestConfigs.model(Scheme.STANDARD);
        ModelConfig config = new ModelConfig(4, LENGTH, 2, 0, 0, 1e-12, plain.initialization(), smallest, smallest);
        Engine engine = TestConfigs.engine();
        JointObjective objective = new JointObjective(TestConfigs.objective(), TestConfigs.tokens(VOCABULARY), 0);
        try (Electra model = new Electra(engine, config, VOCABULARY);
                NoGradGuard noGrad = new NoGradGuard()) {
            HostCopy.fromFloats(
                    LOGITS,
                    model.parameters().part("generator.generator_lm_head.bias").tensor());
            for (int step = 0; step < STEPS; step++) {
                Batch batch = TestBatches.random(SEED + step, ROWS, LENGTH, VOCABULARY);
                MaskedBatch masked = objective.mask(batch, SEED, step, 0);
                try (Engine.Scope scope = engine.scope()) {
                    JointStep joint = objective.step(model, masked, Totals.of(List.of(masked)), Dropout.NONE);
                    count(
                            batch,
                            masked.masked(),
                            HostCopy.toInts(joint.samples_M()),
                            HostCopy.toFloats(joint.replaced().labels_T()));
                }
            }
        }
    }

    private static void count(Batch batch, MaskedPositions masked, int[] samples, float[] labels) {
        boolean[] differs = new boolean[batch.tokens().length];
        for (int i = 0; i < samples.length; i++) {
            DRAWN[samples[i]]++;
            DRAWN_FOR[masked.originals()[i]][samples[i]]++;
            // Pairs that share no draw, or they would not be independent.
            if (i % 2 == 1) {
                DRAWN_AFTER[samples[i - 1] * VOCABULARY + samples[i]]++;
            }
            differs[masked.positions()[i]] = samples[i] != masked.originals()[i];
        }
        int token = 0;
        for (int i = 0; i < batch.tokens().length; i++) {
            if (batch.sequences()[i] != 0) {
                wronglyLabelled += labels[token] == (differs[i] ? 1 : 0) ? 0 : 1;
                replaced += labels[token] == 1 ? 1 : 0;
                token++;
            }
        }
        assertThat(labels).hasSize(token);
    }

    private static double[] softmax() {
        double[] probabilities = new double[VOCABULARY];
        double sum = 0;
        for (int i = 0; i < VOCABULARY; i++) {
            probabilities[i] = Math.exp(LOGITS[i]);
            sum += probabilities[i];
        }
        for (int i = 0; i < VOCABULARY; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    @Test
    void drawsFromTheGeneratorsSoftmax() {
        assertThat(Arrays.stream(DRAWN).sum()).isGreaterThan(100_000);
        ChiSquare.assertFits(DRAWN, softmax(), SEED);
    }

    @Test
    void drawsNeighboursIndependently() {
        double[] product = new double[VOCABULARY * VOCABULARY];
        for (int i = 0; i < product.length; i++) {
            product[i] = softmax()[i / VOCABULARY] * softmax()[i % VOCABULARY];
        }
        ChiSquare.assertFits(DRAWN_AFTER, product, SEED);
    }

    @Test
    void drawsWithoutRegardToWhatStoodThere() {
        for (int original = 5; original < VOCABULARY; original++) {
            ChiSquare.assertFits(DRAWN_FOR[original], softmax(), SEED);
        }
    }

    @Test
    void labelsReplacedWhereTheDrawDiffersFromTheOriginalAndNowhereElse() {
        assertThat(wronglyLabelled).as("seed %d", SEED).isZero();
        long correct = 0;
        for (int token = 0; token < VOCABULARY; token++) {
            correct += DRAWN_FOR[token][token];
        }
        assertThat(correct).as("correct draws, seed %d", SEED).isGreaterThan(10_000);
        assertThat(replaced).isEqualTo(Arrays.stream(DRAWN).sum() - correct);
    }
}
