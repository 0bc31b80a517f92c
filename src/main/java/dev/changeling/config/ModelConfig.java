package dev.changeling.config;

/**
 * The two networks. Vocabulary size is not here: the prepared data decides it.
 *
 * @param embeddingSize E, width of the embedding tables that both networks share
 * @param maxPositions length of the position table, at least the length of a row
 * @param segmentTypes number of segment (token type) ids
 * @param dropout probability that a hidden unit is dropped
 * @param attentionDropout probability that an attention weight is dropped
 * @param layerNormEpsilon added to the variance in LayerNorm
 * @param initialization starting weights
 * @param discriminator the encoder that is kept
 * @param generator the masked language model that corrupts
 */
public record ModelConfig(
        @Range(min = 1) int embeddingSize,
        @Range(min = 1) int maxPositions,
        @Range(min = 1) int segmentTypes,
        @Range(min = 0, below = 1) double dropout,
        @Range(min = 0, below = 1) double attentionDropout,
        @Range(above = 0) double layerNormEpsilon,
        InitializationConfig initialization,
        NetworkConfig discriminator,
        NetworkConfig generator) {}
