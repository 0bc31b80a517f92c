package dev.changeling.config;

import dev.changeling.error.InputException;
import java.util.List;

/**
 * Everything that decides what a pre-training run does. A preset under {@code configs/} spells out every key.
 *
 * @param model the two networks
 * @param objective masking, sampling and the weights of the two losses
 * @param optimizer AdamW
 * @param schedule the learning rate over the run
 * @param training steps, batch, seed, device and precision
 * @param evaluation held-out scores during training
 * @param checkpoint what is kept for resuming
 * @param metrics how often numbers are written
 */
public record RunConfig(
        ModelConfig model,
        ObjectiveConfig objective,
        OptimizerConfig optimizer,
        ScheduleConfig schedule,
        TrainingConfig training,
        EvaluationConfig evaluation,
        CheckpointConfig checkpoint,
        MetricsConfig metrics) {

    /**
     * Checks every range. {@link ConfigLoader} has done so already; for a configuration put together in code.
     *
     * @return this
     * @throws InputException naming the key, its value and the range
     */
    public RunConfig validated() {
        Constraints.firstViolation(this).ifPresent(violation -> {
            throw new InputException(violation.message());
        });
        return this;
    }

    /** Returns the same text for equal configurations: every key, in the order of the records, with no comments. */
    public String toYaml() {
        return ConfigText.yaml(this);
    }

    /** Returns the keys whose values differ, in the order of the records. */
    public List<ConfigDifference> differencesFrom(RunConfig other) {
        return ConfigDifference.between(this, other);
    }
}
