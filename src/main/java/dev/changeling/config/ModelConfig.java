package dev.changeling.config;

/**
 * The two networks. Vocabulary size is not here: the prepared data decides it.
 *
 * @param embeddingSize E, width of the embedding tables
 * @param sharing what the two networks have in common
 * @param maxPositions length of the position table, at least the length of a row
 * @param segmentTypes number of segment (token type) ids
 * @param dropout probability that a hidden unit is dropped
 * @param attentionDropout probability that an attention weight is dropped
 * @param layerNormEpsilon added to the variance in LayerNorm
 * @param initialization starting weights
 * @param discriminator the encoder that is kept
 * @param generator the masked language model that corrupts
 * @param generatorHeads K, how many heads predict tokens on the generator: one on its last layer, the others spread
 *     evenly over the layers below; at most as many as it has layers
 */
public record ModelConfig(
        @Range(min = 1) int embeddingSize,
        Sharing sharing,
        @Range(min = 1) int maxPositions,
        @Range(min = 1) int segmentTypes,
        @Range(min = 0, below = 1) double dropout,
        @Range(min = 0, below = 1) double attentionDropout,
        @Range(above = 0) double layerNormEpsilon,
        InitializationConfig initialization,
        NetworkConfig discriminator,
        NetworkConfig generator,
        @Range(min = 1) int generatorHeads) {

    /** What the two networks have in common. */
    public enum Sharing {
        /** Nothing. */
        NONE,
        /** The embedding tables with their LayerNorm, as published. */
        EMBEDDINGS,
        /**
         * The embedding tables, but so that the discriminator's loss doesn't reach the generator's: the discriminator's
         * are the generator's, cut off from the gradient, plus a difference of its own that starts at 0 (He et al.,
         * DeBERTaV3, arXiv 2111.09543, section 3.2).
         */
        DISENTANGLED,
        /** Everything but the heads. The two networks have one shape then. */
        ALL
    }

    /** Makes a configuration whose networks share their embedding tables, with one head on the generator. */
    public ModelConfig(
            int embeddingSize,
            int maxPositions,
            int segmentTypes,
            double dropout,
            double attentionDropout,
            double layerNormEpsilon,
            InitializationConfig initialization,
            NetworkConfig discriminator,
            NetworkConfig generator) {
        this(
                embeddingSize,
                Sharing.EMBEDDINGS,
                maxPositions,
                segmentTypes,
                dropout,
                attentionDropout,
                layerNormEpsilon,
                initialization,
                discriminator,
                generator,
                1);
    }
}
