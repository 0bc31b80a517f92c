package dev.changeling.checkpoint;

import dev.changeling.config.CheckpointConfig;
import dev.changeling.config.ConfigDifference;
import dev.changeling.config.EvaluationConfig;
import dev.changeling.config.MetricsConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.error.InputException;
import java.nio.file.Path;
import java.util.List;

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

    /** @throws InputException if a run of one configuration can't be gone on with under the other */
    static void requireSame(Path folder, RunConfig before, RunConfig now) {
        List<String> refused = describe(of(before).differencesFrom(of(now)));
        if (!refused.isEmpty()) {
            throw new InputException(folder + ": is a run of another configuration: " + String.join(", ", refused)
                    + "; expected the same but for metrics, checkpoint, evaluation, device and threads");
        }
    }

    /** Returns differences in words, one each. */
    static List<String> describe(List<ConfigDifference> differences) {
        return differences.stream()
                .map(difference -> difference.key() + " is " + difference.right() + ", was " + difference.left())
                .toList();
    }
}
