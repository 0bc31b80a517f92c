package dev.changeling.config;

/**
 * How often numbers are written.
 *
 * @param every steps between two lines of {@code metrics.jsonl}
 * @param dynamicsEvery steps between two looks at gradients, updates and embeddings; 0 for never
 * @param tensorboard whether TensorBoard event files are written too
 */
public record MetricsConfig(
        @Range(min = 1) int every, @Range(min = 0) int dynamicsEvery, boolean tensorboard) {}
