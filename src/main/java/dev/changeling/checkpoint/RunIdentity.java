package dev.changeling.checkpoint;

import dev.changeling.config.CheckpointConfig;
import dev.changeling.config.EvaluationConfig;
import dev.changeling.config.MetricsConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;

/** What of a configuration decides a run's numbers: two that a run may be resumed between have the same. */
final class RunIdentity {
    private RunIdentity() {}

    /** The configuration with everything set alike that doesn't change a number. */
    static RunConfig withoutObservation(RunConfig config) {
        return new RunConfig(
                config.model(),
                config.objective(),
                config.optimizer(),
                config.schedule(),
                config.training(),
                new EvaluationConfig(0, 0),
                new CheckpointConfig(0, 1, false),
                new MetricsConfig(1, 0, false));
    }

    /** The same, with everything set alike that changes no more than the last digits. */
    static RunConfig of(RunConfig config) {
        RunConfig bare = withoutObservation(config);
        TrainingConfig training = config.training();
        return new RunConfig(
                bare.model(),
                bare.objective(),
                bare.optimizer(),
                bare.schedule(),
                new TrainingConfig(
                        training.steps(),
                        training.seed(),
                        training.batchSize(),
                        training.deviceBatchSize(),
                        TrainingConfig.Device.AUTO,
                        training.precision(),
                        0),
                bare.evaluation(),
                bare.checkpoint(),
                bare.metrics());
    }
}
