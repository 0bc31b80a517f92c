package dev.changeling.shard;

/**
 * One row of a shard: whole sequences one after another, padding at the end.
 *
 * @param tokens token ids, as many as the row is long
 * @param lengths of the sequences, [CLS] and [SEP] included
 * @param firstSegments for each sequence, how many of its tokens are of segment 0; the rest are of segment 1
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
record Row(int[] tokens, int[] lengths, int[] firstSegments) {}
