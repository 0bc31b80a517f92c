package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.MaskingConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.Generator;
import dev.changeling.model.Initialization;
import dev.changeling.model.Parameter;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.TokenTable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class JointObjectiveTest {
    private static final int VOCABULARY = 50;
    private static final Engine ENGINE = TestConfigs.engine();

    private static Electra model(int vocabularySize, double standardDeviation) {
        ModelConfig plain = TestConfigs.model(InitializationConfig.Scheme.STANDARD);
        ModelConfig config = new ModelConfig(
                plain.embeddingSize(),
                plain.maxPositions(),
                plain.segmentTypes(),
                0,
                0,
                plain.layerNormEpsilon(),
                new InitializationConfig(InitializationConfig.Scheme.STANDARD, standardDeviation, 0, 0),
                plain.discriminator(),
                plain.generator());
        Electra model = new Electra(ENGINE, config, vocabularySize);
        Initialization.apply(model, config, 5);
        return model;
    }

    private static ObjectiveConfig weighted(double mlmWeight, double rtdWeight) {
        return ObjectiveConfig.published().withWeights(mlmWeight, rtdWeight);
    }

    private static JointObjective objective(ObjectiveConfig config, int vocabularySize) {
        return new JointObjective(config, TestConfigs.tokens(vocabularySize), 0);
    }

    /** Leaves the gradient of the loss with these weights in the model's store, and returns it. */
    private static float[] gradient(Electra model, double mlmWeight, double rtdWeight) {
        Batch batch = TestBatches.random(1, 4, 32, VOCABULARY);
        JointObjective objective = objective(weighted(mlmWeight, rtdWeight), VOCABULARY);
        MaskedBatch masked = objective.mask(batch, 3, 0, 0);
        try (Engine.Scope scope = ENGINE.scope()) {
            model.parameters().gradients().zero_();
            objective
                    .step(model, masked, Totals.of(List.of(masked)), Dropout.NONE)
                    .loss()
                    .backward();
            return HostCopy.toFloats(model.parameters().gradients());
        }
    }

    private static float largestGradient(Parameter parameter) {
        try (Engine.Scope scope = ENGINE.scope()) {
            float largest = 0;
            for (float g : HostCopy.toFloats(parameter.tensor().grad())) {
                largest = Math.max(largest, Math.abs(g));
            }
            return largest;
        }
    }

    private static void assertReaches(Electra model, String prefix, boolean reached) {
        List<Parameter> parameters = model.parameters().parameters().stream()
                .filter(p -> p.names().get(0).startsWith(prefix))
                .toList();
        assertThat(parameters).isNotEmpty();
        for (Parameter parameter : parameters) {
            float largest = largestGradient(parameter);
            if (reached) {
                assertThat(largest).as(parameter.names().toString()).isGreaterThan(1e-7f);
            } else {
                assertThat(largest).as(parameter.names().toString()).isZero();
            }
        }
    }

    @Test
    void theDiscriminatorsLossReachesTheSharedEmbeddingsButNotTheGenerator() {
        try (Electra model = model(VOCABULARY, 0.05)) {
            gradient(model, 0, 50);
            assertReaches(model, Generator.PREFIX, false);
            assertReaches(model, Electra.SHARED, true);
            assertReaches(model, Discriminator.PREFIX, true);
        }
    }

    @Test
    void theGeneratorsLossReachesTheSharedEmbeddingsButNotTheDiscriminator() {
        try (Electra model = model(VOCABULARY, 0.05)) {
            gradient(model, 1, 0);
            assertReaches(model, Generator.PREFIX, true);
            assertReaches(model, Electra.SHARED, true);
            assertReaches(model, Discriminator.PREFIX, false);
        }
    }

    @Test
    void theGradientIsTheWeightedSumOfBothLosses() {
        try (Electra model = model(VOCABULARY, 0.05)) {
            float[] mlm = gradient(model, 1, 0);
            float[] rtd = gradient(model, 0, 1);
            float[] both = gradient(model, 2, 7);
            for (int i = 0; i < both.length; i++) {
                assertThat(both[i]).isCloseTo(2 * mlm[i] + 7 * rtd[i], within(1e-5f + 1e-4f * Math.abs(both[i])));
            }
        }
    }

    @Test
    void startsNearTheLossOfAModelThatKnowsNothing() {
        int vocabulary = 30_522;
        Batch batch = TestBatches.random(2, 4, 32, vocabulary);
        try (Electra model = model(vocabulary, 0.02);
                Engine.Scope scope = ENGINE.scope()) {
            JointObjective objective = objective(TestConfigs.objective(), vocabulary);
            MaskedBatch masked = objective.mask(batch, 3, 0, 0);
            JointStep joint = objective.step(model, masked, Totals.of(List.of(masked)), Dropout.NONE);
            assertThat(joint.mlmLoss().item_double()).isCloseTo(Math.log(vocabulary), within(0.2));
            assertThat(joint.rtdLoss().item_double()).isCloseTo(Math.log(2), within(0.02));
            assertThat(joint.loss().item_double()).isCloseTo(Math.log(vocabulary) + 50 * Math.log(2), within(1.0));
        }
    }

    @Test
    void theGeneratorReadsTheMaskAndTheDiscriminatorTheSamples() {
        Batch batch = TestBatches.random(3, 4, 32, VOCABULARY);
        try (Electra model = model(VOCABULARY, 0.05);
                Engine.Scope scope = ENGINE.scope()) {
            JointObjective objective = objective(TestConfigs.objective(), VOCABULARY);
            MaskedBatch masked = objective.mask(batch, 3, 0, 0);
            JointStep joint = objective.step(model, masked, Totals.of(List.of(masked)), Dropout.NONE);
            int[] generatorReads = batch.tokens().clone();
            int[] discriminatorReads = batch.tokens().clone();
            int[] samples = HostCopy.toInts(joint.samples_M());
            for (int i = 0; i < samples.length; i++) {
                generatorReads[masked.masked().positions()[i]] = masked.masked().written()[i];
                discriminatorReads[masked.masked().positions()[i]] = samples[i];
            }
            assertThat(HostCopy.toInts(joint.masked().input().tokens_BS())).isEqualTo(generatorReads);
            assertThat(HostCopy.toInts(joint.replaced().input().tokens_BS())).isEqualTo(discriminatorReads);
            assertThat(generatorReads).isNotEqualTo(discriminatorReads);
            assertThat(Objects.requireNonNull(joint.predicted()).entropy_M().shape())
                    .containsExactly(samples.length);
            assertThat(joint.scores_T().orElseThrow().shape()).containsExactly(batch.realTokens());
        }
    }

    @Test
    void writesTheDrawnFrequenciesOverAPartOfTheSamplesOnly() {
        int common = 33;
        long[] tokenCounts = new long[VOCABULARY];
        tokenCounts[common] = 1;
        ObjectiveConfig published = ObjectiveConfig.published();
        ObjectiveConfig mixed = published
                .withMasking(new MaskingConfig(0.4, 1, 0.005, MaskingConfig.Unit.TOKEN, 0.85, 0))
                .withSampling(published.sampling().withFractions(0.5, 0));
        Batch batch = TestBatches.random(3, 8, 32, VOCABULARY);
        try (Electra model = model(VOCABULARY, 0.05);
                Engine.Scope scope = ENGINE.scope()) {
            JointObjective objective =
                    new JointObjective(mixed, TokenTable.ofWords(TestConfigs.SPECIAL, tokenCounts), 0);
            MaskedBatch masked = objective.mask(batch, 3, 0, 0);
            Totals totals = Totals.of(List.of(masked));
            int[] written = HostCopy.toInts(
                    objective.step(model, masked, totals, Dropout.NONE).samples_M());
            int[] generators = HostCopy.toInts(
                    objective.step(model, without(masked), totals, Dropout.NONE).samples_M());
            int drawn = 0;
            for (int i = 0; i < written.length; i++) {
                boolean fromFrequencies = masked.drawn()[i] == common;
                assertThat(written[i]).isEqualTo(fromFrequencies ? common : generators[i]);
                drawn += fromFrequencies ? 1 : 0;
            }
            assertThat(drawn).isBetween(written.length / 4, written.length * 3 / 4);
        }
    }

    private static MaskedBatch without(MaskedBatch batch) {
        int[] none = new int[batch.drawn().length];
        Arrays.fill(none, MaskedBatch.GENERATOR);
        return new MaskedBatch(batch.batch(), batch.masked(), batch.uniform(), none, null, batch.place());
    }

    @Test
    void makesTheSameRandomChoicesHoweverTheBatchIsCut() {
        Batch whole = TestBatches.random(4, 8, 32, VOCABULARY);
        long[] tokenCounts = new long[VOCABULARY];
        Arrays.fill(tokenCounts, 1);
        ObjectiveConfig published = ObjectiveConfig.published();
        ObjectiveConfig mixed = published.withSampling(published.sampling().withFractions(0.5, 0));
        JointObjective objective = new JointObjective(mixed, TokenTable.ofWords(TestConfigs.SPECIAL, tokenCounts), 0);
        MaskedBatch expected = objective.mask(whole, 3, 17, 0);
        int at = 0;
        for (int first = 0; first < 8; first += 2) {
            MaskedBatch part = objective.mask(TestBatches.rows(whole, first, 2), 3, 17, first);
            for (int i = 0; i < part.masked().count(); i++, at++) {
                assertThat(part.masked().positions()[i] + first * 32)
                        .isEqualTo(expected.masked().positions()[at]);
                assertThat(part.uniform()[i]).isEqualTo(expected.uniform()[at]);
                assertThat(part.drawn()[i]).isEqualTo(expected.drawn()[at]);
            }
        }
        assertThat(at).isEqualTo(expected.masked().count());
        assertThat(expected.uniform()).doesNotHaveDuplicates();
        assertThat(objective.mask(whole, 3, 18, 0).uniform()).isNotEqualTo(expected.uniform());
        assertThat(objective.mask(whole, 4, 17, 0).uniform()).isNotEqualTo(expected.uniform());
    }

    @Test
    void acceptsABatchWithNothingToMask() {
        Batch batch = TestBatches.row(8, new int[] {2, 3});
        try (Electra model = model(VOCABULARY, 0.05);
                Engine.Scope scope = ENGINE.scope()) {
            JointObjective objective = objective(TestConfigs.objective(), VOCABULARY);
            MaskedBatch masked = objective.mask(batch, 3, 0, 0);
            JointStep joint = objective.step(model, masked, Totals.of(List.of(masked)), Dropout.NONE);
            joint.loss().backward();
            assertThat(joint.mlmLoss().item_double()).isZero();
            assertThat(joint.rtdLoss().item_double()).isBetween(0.1, 2.0);
            assertThat(HostCopy.toFloats(model.parameters().gradients())).doesNotContain(Float.NaN);
        }
    }
}
