package dev.changeling.config;

/**
 * Held-out scores during training.
 *
 * @param every steps between evaluations; 0 for none but the last
 * @param rows held-out rows that are scored each time; 0 for all
 */
public record EvaluationConfig(
        @Range(min = 0) int every, @Range(min = 0) int rows) {}
