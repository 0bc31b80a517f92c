package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final int VOCABULARY = 50;
    private static final Batch HELD_OUT = TestBatches.random(51, 6, 32, VOCABULARY);

    private static Electra model() {
        ModelConfig config = TestConfigs.model(InitializationConfig.Scheme.LOCAL);
        Electra model = new Electra(ENGINE, config, VOCABULARY);
        Initialization.apply(model, config, 5);
        return model;
    }

    private static PretrainingReport evaluate(Electra model, long seed, Batch... heldOut) {
        JointObjective objective = new JointObjective(TestConfigs.objective(), TestConfigs.tokens(VOCABULARY), 0);
        try (Replicas<Electra> replicas = Replicas.of(model, 2)) {
            return new Evaluator(
                            replicas, objective, FrequencyBands.of(new long[VOCABULARY], TestConfigs.SPECIAL), seed)
                    .evaluate(List.of(heldOut));
        }
    }

    @Test
    void repeatsToTheLastBitAndChangesNothing() {
        try (Electra model = model();
                Engine.Scope scope = ENGINE.scope()) {
            model.parameters().gradients().fill_(new Scalar(3));
            float[] before = HostCopy.toFloats(model.parameters().values());
            PretrainingReport first = evaluate(model, 1, HELD_OUT);
            PretrainingReport second = evaluate(model, 1, HELD_OUT);
            assertThat(second).isEqualTo(first);
            assertThat(HostCopy.toFloats(model.parameters().values())).isEqualTo(before);
            assertThat(HostCopy.toFloats(model.parameters().gradients())).containsOnly(3);
        }
    }

    @Test
    void scoresEveryTokenOnceHoweverTheRowsAreCut() {
        try (Electra model = model()) {
            PretrainingReport whole = evaluate(model, 1, HELD_OUT);
            PretrainingReport cut =
                    evaluate(model, 1, TestBatches.rows(HELD_OUT, 0, 4), TestBatches.rows(HELD_OUT, 4, 2));
            assertThat(whole.tokens()).isEqualTo(HELD_OUT.realTokens());
            assertThat(cut.tokens()).isEqualTo(whole.tokens());
            assertThat(cut.masked()).isEqualTo(whole.masked()).isPositive();
            assertThat(cut.mlmLoss()).isCloseTo(whole.mlmLoss(), within(1e-5));
            assertThat(cut.rtdLoss()).isCloseTo(whole.rtdLoss(), within(1e-5));
            assertThat(cut.replacedFraction()).isEqualTo(whole.replacedFraction());
            assertThat(cut.sampledAccuracy()).isEqualTo(whole.sampledAccuracy());
            assertThat(cut.representation().effectiveRank())
                    .isCloseTo(whole.representation().effectiveRank(), within(1e-3));
        }
    }

    @Test
    void masksByItsSeed() {
        try (Electra model = model()) {
            assertThat(evaluate(model, 2, HELD_OUT).mlmLoss())
                    .isNotEqualTo(evaluate(model, 1, HELD_OUT).mlmLoss());
        }
    }

    @Test
    void scoresAnUntrainedModelLikeOneThatKnowsNothing() {
        try (Electra model = model()) {
            PretrainingReport report = evaluate(model, 1, HELD_OUT);
            assertThat(report.mlmLoss()).isCloseTo(Math.log(VOCABULARY), within(0.5));
            assertThat(report.generatorEntropy()).isCloseTo(Math.log(VOCABULARY), within(0.3));
            assertThat(report.rtdLoss()).isCloseTo(Math.log(2), within(0.2));
            assertThat(report.replacedFraction()).isBetween(0.08, 0.2);
            assertThat(report.rtdMajorityLoss()).isLessThan(report.rtdLoss());
        }
    }

    @Test
    void scoresNoBatchesAsNothing() {
        try (Electra model = model()) {
            assertThat(evaluate(model, 1).tokens()).isZero();
        }
    }
}
