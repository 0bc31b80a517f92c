package dev.changeling.config;

/**
 * How often numbers are written.
 *
 * @param every steps between two lines of {@code metrics.jsonl}
 * @param tensorboard whether TensorBoard event files are written too
 */
public record MetricsConfig(@Range(min = 1) int every, boolean tensorboard) {}
