package dev.changeling.config;

/**
 * What is kept for resuming.
 *
 * @param every steps between checkpoints; 0 for none but the last
 * @param keep how many of the newest are kept
 * @param keepBest whether the one with the lowest held-out loss is kept besides
 */
public record CheckpointConfig(
        @Range(min = 0) int every, @Range(min = 1) int keep, boolean keepBest) {}
