package dev.changeling.config;

/**
 * Starting weights.
 *
 * @param scheme the paper's, or local attention heads for small budgets
 * @param standardDeviation of the truncated normal that weights and tables are drawn from
 * @param positionDimensions {@code local} only: embedding dimensions reserved for position; even, at most E and both H
 * @param sharpness {@code local} only: α, the weight of a head's query and key on those dimensions
 */
public record InitializationConfig(
        Scheme scheme,
        @Range(above = 0) double standardDeviation,
        @Range(min = 2) int positionDimensions,
        @Range(above = 0) double sharpness) {

    /** How the weights start. */
    public enum Scheme {
        /** Truncated normal everywhere, as BERT and ELECTRA do. */
        STANDARD,
        /** Attention heads that look at a neighbour by position from the first step on. */
        LOCAL
    }
}
