package dev.changeling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.evaluation.Evaluator;
import dev.changeling.evaluation.FrequencyBands;
import dev.changeling.evaluation.PretrainingScores;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Guards against native tensors that outlive the step that made them. */
class NativeMemoryTest {
    private static final int VOCABULARY = 50;
    private static final int WARM_UP = 100;
    private static final int COLLECTION = 50;
    private static final int STEPS = 300;

    private static ModelConfig smallest() {
        NetworkConfig network = new NetworkConfig(1, 32, 1, 64);
        return new ModelConfig(
                32,
                32,
                2,
                0.1,
                0.1,
                1e-12,
                new InitializationConfig(InitializationConfig.Scheme.STANDARD, 0.05, 0, 0),
                network,
                network);
    }

    @Test
    void stepsAndEvaluationsLeaveNothingBehind() {
        RunConfig config = TestConfigs.withModel(TestConfigs.run(STEPS, 4, 2), smallest());
        Batch batch = TestBatches.random(1, 4, 16, VOCABULARY);
        try (Electra model = new Electra(TestConfigs.engine(2), config.model(), VOCABULARY)) {
            Initialization.apply(model, config.model(), 1);
            JointObjective objective = new JointObjective(config.objective(), TestConfigs.tokens(VOCABULARY), 0);
            FrequencyBands bands = FrequencyBands.of(new long[VOCABULARY], TestConfigs.SPECIAL);
            try (Replicas<Electra> replicas = Replicas.of(model, 2);
                    TrainStep step = new TrainStep(
                            model,
                            replicas,
                            config,
                            MaskedBatches.drawn(TestBatches.always(batch, 2), objective, 7),
                            objective)) {
                Evaluator evaluator = new Evaluator(replicas, objective, bands, 1);
                // The garbage collector may free what earlier tests left, which only lowers these numbers; what one
                // step leaves behind is counted before it can run.
                long left = 0;
                long physicalBytes = 0;
                for (int i = 0; i < WARM_UP + STEPS; i++) {
                    if (i % COLLECTION == 0) {
                        // The Java heap is resident memory, too: let it use its pages again, not always new ones.
                        System.gc();
                    }
                    if (i == WARM_UP) {
                        left = 0;
                        physicalBytes = Pointer.physicalBytes();
                    }
                    long before = Pointer.totalCount();
                    step.run(i % STEPS, new PretrainingScores(bands), i % 2 == 0);
                    if (i % 10 == 0) {
                        evaluator.evaluate(List.of(batch));
                        evaluator.corrupt(batch, 10);
                    }
                    left += Math.max(0, Pointer.totalCount() - before);
                }
                assertThat(left).as("native objects left by %d steps", STEPS).isLessThan(STEPS / 10);
                assertThat(Pointer.physicalBytes() - physicalBytes)
                        .as("growth of resident memory over %d steps", STEPS)
                        .isLessThan(64L << 20);
            }
        }
    }
}
