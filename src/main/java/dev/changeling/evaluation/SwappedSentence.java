package dev.changeling.evaluation;

/**
 * A sentence in which one word is wrong.
 *
 * @param tokens with the wrong word in it, [CLS] and [SEP] included
 * @param position of the wrong word in {@code tokens}
 * @param original the token that stood there
 * @param candidates how many places held a word that could have been swapped
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record SwappedSentence(int[] tokens, int position, int original, int candidates) {}
