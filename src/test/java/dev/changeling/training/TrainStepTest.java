package dev.changeling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.RunConfig;
import dev.changeling.dynamics.Dynamics;
import dev.changeling.dynamics.TugOfWar;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;

class TrainStepTest {
    private static final int VOCABULARY = 50;

    private static Electra model(RunConfig config) {
        Electra model = new Electra(TestConfigs.engine(), config.model(), VOCABULARY);
        Initialization.apply(model, config.model(), config.training().seed());
        return model;
    }

    private static TrainStep trainStep(Electra model, Replicas<Electra> replicas, RunConfig config, Batch batch) {
        JointObjective objective = new JointObjective(config.objective(), TestConfigs.tokens(VOCABULARY), 0);
        return new TrainStep(
                model,
                replicas,
                config,
                MaskedBatches.drawn(
                        TestBatches.always(batch, config.training().deviceBatchSize()),
                        objective,
                        config.training().seed()),
                objective);
    }

    private static float[] values(Electra model) {
        try (PointerScope scope = new PointerScope()) {
            return HostCopy.toFloats(model.parameters().values());
        }
    }

    @Test
    void overfitsOneBatchToNearZeroLoss() {
        int steps = 300;
        RunConfig config = TestConfigs.run(steps, 2, 2);
        Batch batch = TestBatches.random(1, 2, 16, VOCABULARY);
        try (Electra model = model(config);
                Replicas<Electra> replicas = Replicas.of(model, 1);
                TrainStep step = trainStep(model, replicas, config, batch)) {
            List<StepOutcome> outcomes = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                outcomes.add(step.run(i, null, false));
            }
            StepOutcome first = outcomes.get(0);
            assertThat(first.mlmLoss()).isCloseTo(Math.log(VOCABULARY), within(0.5));
            assertThat(first.rtdLoss()).isCloseTo(Math.log(2), within(0.2));
            double mlm = outcomes.subList(steps - 30, steps).stream()
                    .mapToDouble(StepOutcome::mlmLoss)
                    .average()
                    .orElseThrow();
            double rtd = outcomes.subList(steps - 30, steps).stream()
                    .mapToDouble(StepOutcome::rtdLoss)
                    .average()
                    .orElseThrow();
            assertThat(mlm).isLessThan(0.1);
            assertThat(rtd).isLessThan(0.05);
        }
    }

    @Test
    void givesTheSameStepHoweverTheBatchIsCut() {
        Batch batch = TestBatches.random(2, 8, 32, VOCABULARY);
        float[] whole = valuesAfterSteps(TestConfigs.run(10, 8, 8), batch);
        float[] cut = valuesAfterSteps(TestConfigs.run(10, 8, 2), batch);
        for (int i = 0; i < whole.length; i++) {
            assertThat(cut[i]).isCloseTo(whole[i], within(2e-4f));
        }
    }

    @Test
    void givesTheSameStepWhenItsDeviceBatchesRunSideBySide() {
        Batch batch = TestBatches.random(2, 8, 32, VOCABULARY);
        RunConfig plain = TestConfigs.run(10, 8, 2);
        RunConfig config = TestConfigs.withModel(plain, TestConfigs.withDropout(plain.model(), 0.3));
        float[] oneByOne = valuesAfterSteps(config, batch, 1);
        float[] sideBySide = valuesAfterSteps(config, batch, 3);
        assertThat(valuesAfterSteps(config, batch, 3)).isEqualTo(sideBySide);
        for (int i = 0; i < oneByOne.length; i++) {
            assertThat(sideBySide[i]).isCloseTo(oneByOne[i], within(2e-4f));
        }
    }

    @Test
    void repeatsToTheLastBit() {
        Batch batch = TestBatches.random(3, 4, 32, VOCABULARY);
        RunConfig config = TestConfigs.run(10, 4, 2);
        assertThat(valuesAfterSteps(config, batch)).isEqualTo(valuesAfterSteps(config, batch));
    }

    @Test
    void dropsTheSameUnitsEachTimeAStepIsRun() {
        Batch batch = TestBatches.random(3, 4, 16, VOCABULARY);
        RunConfig plain = TestConfigs.run(10, 4, 2);
        RunConfig config = TestConfigs.withModel(plain, TestConfigs.withDropout(plain.model(), 0.3));
        float[] values = valuesAfterSteps(config, batch);
        assertThat(valuesAfterSteps(config, batch)).isEqualTo(values);
        assertThat(valuesAfterSteps(plain, batch)).isNotEqualTo(values);
    }

    private static float[] valuesAfterSteps(RunConfig config, Batch batch) {
        return valuesAfterSteps(config, batch, 1);
    }

    private static float[] valuesAfterSteps(RunConfig config, Batch batch, int threads) {
        return valuesAfterSteps(config, batch, threads, false);
    }

    private static float[] valuesAfterSteps(RunConfig config, Batch batch, int threads, boolean measured) {
        try (Electra model = new Electra(TestConfigs.engine(threads), config.model(), VOCABULARY);
                Replicas<Electra> replicas = Replicas.of(model, threads);
                TrainStep step = trainStep(model, replicas, config, batch)) {
            Initialization.apply(model, config.model(), config.training().seed());
            for (int i = 0; i < 3; i++) {
                step.run(i, null, measured);
            }
            return values(model);
        }
    }

    @Test
    void changesNothingByBeingMeasured() {
        Batch batch = TestBatches.random(3, 8, 32, VOCABULARY);
        RunConfig plain = TestConfigs.run(10, 8, 2);
        RunConfig config = TestConfigs.withModel(plain, TestConfigs.withDropout(plain.model(), 0.3));
        // Two replicas of two device batches each.
        assertThat(valuesAfterSteps(config, batch, 2, true)).isEqualTo(valuesAfterSteps(config, batch, 2, false));
        assertThat(valuesAfterSteps(config, batch, 1, true)).isEqualTo(valuesAfterSteps(config, batch, 1, false));
    }

    @Test
    void dividesTheGradientOnTheSharedTablesBetweenTheLosses() {
        Batch batch = TestBatches.random(5, 8, 32, VOCABULARY);
        Dynamics both = dynamicsOfFirstStep(1, 50, batch);
        Dynamics ofMlm = dynamicsOfFirstStep(1, 0, batch);
        Dynamics ofRtd = dynamicsOfFirstStep(0, 50, batch);
        double mlm = tugOfWar(ofMlm).generatorNorm();
        double rtd = tugOfWar(ofRtd).discriminatorNorm();
        assertThat(tugOfWar(both).generatorNorm()).isPositive().isCloseTo(mlm, withinPercentage(0.01));
        assertThat(tugOfWar(both).discriminatorNorm()).isPositive().isCloseTo(rtd, withinPercentage(0.01));
        assertThat(tugOfWar(ofMlm).discriminatorNorm()).isZero();
        assertThat(tugOfWar(ofRtd).generatorNorm()).isZero();
        assertThat(tugOfWar(both).cosine()).isBetween(-1.0, 1.0).isNotZero();
        assertThat(tugOfWar(both).generatorAdamShare() + tugOfWar(both).discriminatorAdamShare())
                .isCloseTo(1, within(1e-9));
        assertThat(both.gradientNorms().get("shared"))
                .isCloseTo(
                        Math.sqrt(mlm * mlm
                                + rtd * rtd
                                + 2 * mlm * rtd * tugOfWar(both).cosine()),
                        withinPercentage(2)); // the rest is the embeddings' LayerNorm
        assertThat(both.gradientNorms().get("generator"))
                .isCloseTo(ofMlm.gradientNorms().get("generator"), withinPercentage(0.01));
    }

    private static TugOfWar tugOfWar(Dynamics dynamics) {
        return Objects.requireNonNull(dynamics.tugOfWar());
    }

    private static Dynamics dynamicsOfFirstStep(double mlmWeight, double rtdWeight, Batch batch) {
        RunConfig plain = TestConfigs.run(10, 8, 2);
        RunConfig config = new RunConfig(
                plain.model(),
                plain.objective().withWeights(mlmWeight, rtdWeight),
                plain.optimizer(),
                plain.schedule(),
                plain.training(),
                plain.evaluation(),
                plain.checkpoint(),
                plain.metrics());
        try (Electra model = new Electra(TestConfigs.engine(2), config.model(), VOCABULARY);
                Replicas<Electra> replicas = Replicas.of(model, 2);
                TrainStep step = trainStep(model, replicas, config, batch)) {
            Initialization.apply(model, config.model(), config.training().seed());
            assertThat(step.run(0, null, false).dynamics()).isNull();
            Initialization.apply(model, config.model(), config.training().seed());
            StepOutcome outcome = step.run(0, null, true);
            Dynamics dynamics = Objects.requireNonNull(outcome.dynamics());
            // All parts together are the whole.
            double squares = Stream.of("shared", "generator", "discriminator")
                    .mapToDouble(part -> dynamics.gradientNorms().getOrDefault(part, Double.NaN))
                    .map(norm -> norm * norm)
                    .sum();
            assertThat(Math.sqrt(squares)).isCloseTo(outcome.gradientNorm(), withinPercentage(0.01));
            return dynamics;
        }
    }

    @Test
    void stopsBeforeItChangesTheWeightsWhenALossIsNotFinite() {
        RunConfig config = TestConfigs.run(10, 4, 4);
        try (Electra model = model(config);
                Replicas<Electra> replicas = Replicas.of(model, 1);
                TrainStep step = trainStep(model, replicas, config, TestBatches.random(4, 4, 32, VOCABULARY))) {
            model.parameters()
                    .part("discriminator.discriminator_predictions.dense_prediction.bias")
                    .tensor()
                    .fill_(new Scalar(Float.NaN));
            float[] before = values(model);
            assertThatThrownBy(() -> step.run(5, null, false))
                    .isInstanceOf(NonFiniteException.class)
                    .hasMessageContaining("step 5")
                    .hasMessageContaining("RTD loss NaN");
            assertThat(values(model)).isEqualTo(before);
        }
    }
}
