package dev.changeling.config;

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
        MetricsConfig metrics) {}
