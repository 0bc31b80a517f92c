package dev.changeling.config;

/**
 * The shape of one encoder.
 *
 * @param layers number of layers
 * @param hiddenSize H, width of the residual stream
 * @param heads number of attention heads; divides H
 * @param intermediateSize width of the feed-forward block, usually 4 H
 */
public record NetworkConfig(int layers, int hiddenSize, int heads, int intermediateSize) {}
