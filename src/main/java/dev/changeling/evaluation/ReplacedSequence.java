package dev.changeling.evaluation;

/**
 * A sequence in which some tokens were replaced, with the answers.
 *
 * @param tokens ids, [CLS] and [SEP] included, no padding
 * @param segments of each token, 0 or 1
 * @param replaced of each token 1 if it was replaced, else 0
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record ReplacedSequence(int[] tokens, int[] segments, float[] replaced) {}
