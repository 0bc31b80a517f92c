package dev.changeling.config;

/**
 * The shape of one encoder.
 *
 * @param layers number of layers
 * @param hiddenSize H, width of the residual stream
 * @param heads number of attention heads; divides H
 * @param intermediateSize width of the feed-forward block, usually 4 H
 */
public record NetworkConfig(
        @Range(min = 1) int layers,
        @Range(min = 1) int hiddenSize,
        @Range(min = 1) int heads,
        @Range(min = 1) int intermediateSize) {}
