package dev.changeling;

import dev.changeling.config.CheckpointConfig;
import dev.changeling.config.EvaluationConfig;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.MetricsConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.OptimizerConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.config.ScheduleConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.SpecialTokens;
import dev.changeling.tokenizer.TokenTable;

/** Small configurations for tests: everything as google's code has it, but little. */
public final class TestConfigs {
    public static final SpecialTokens SPECIAL = new SpecialTokens(0, 1, 2, 3, 4);

    private TestConfigs() {}

    /** Returns the CPU with one thread: the tensors of tests are too small to share out. */
    public static Engine engine() {
        return engine(1);
    }

    /** Returns the CPU with several threads, for tests of what runs side by side. */
    public static Engine engine(int threads) {
        return Engine.start(TrainingConfig.Device.CPU, TrainingConfig.Precision.FLOAT32, threads);
    }

    public static ObjectiveConfig objective() {
        return ObjectiveConfig.published();
    }

    /** Returns what there is to know of a vocabulary whose tokens stand nowhere in the training text, each a word. */
    public static TokenTable tokens(int vocabularySize) {
        return TokenTable.ofWords(SPECIAL, new long[vocabularySize]);
    }

    public static ModelConfig model(InitializationConfig.Scheme scheme) {
        return new ModelConfig(
                64,
                64,
                2,
                0,
                0,
                1e-12,
                new InitializationConfig(scheme, 0.05, 32, 0.7),
                new NetworkConfig(2, 64, 2, 128),
                new NetworkConfig(2, 64, 2, 128));
    }

    public static RunConfig run(int steps, int batchSize, int deviceBatchSize) {
        return new RunConfig(
                model(InitializationConfig.Scheme.LOCAL),
                objective(),
                new OptimizerConfig(3e-3, 0.9, 0.999, 1e-6, true, 0.01, 1),
                new ScheduleConfig(ScheduleConfig.Shape.LINEAR, 10, 0.1, 0),
                new TrainingConfig(
                        steps,
                        7,
                        batchSize,
                        deviceBatchSize,
                        TrainingConfig.Device.CPU,
                        TrainingConfig.Precision.FLOAT32,
                        2),
                new EvaluationConfig(0, 0),
                new CheckpointConfig(0, 1, false),
                new MetricsConfig(1, 0, false));
    }

    /** Returns the same run of another model. */
    public static RunConfig withModel(RunConfig run, ModelConfig model) {
        return new RunConfig(
                model,
                run.objective(),
                run.optimizer(),
                run.schedule(),
                run.training(),
                run.evaluation(),
                run.checkpoint(),
                run.metrics());
    }

    /** Returns the same model with this much dropout, on hidden units and on attention. */
    public static ModelConfig withDropout(ModelConfig model, double dropout) {
        return new ModelConfig(
                model.embeddingSize(),
                model.maxPositions(),
                model.segmentTypes(),
                dropout,
                dropout,
                model.layerNormEpsilon(),
                model.initialization(),
                model.discriminator(),
                model.generator());
    }
}
