package dev.changeling.shard;

/**
 * How much a split holds.
 *
 * @param documents of the split
 * @param sequences in all rows
 * @param rows in all shards
 * @param tokens that are not padding
 * @param waste share of positions that are padding
 */
public record SplitSummary(long documents, long sequences, long rows, long tokens, double waste) {}
