package dev.changeling.inference;

/**
 * A token and its vector.
 *
 * @param text what it covers of the original text
 * @param start index of its first UTF-16 unit in the original text
 * @param end index after its last UTF-16 unit
 * @param vector the network's last hidden state, H numbers
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record TokenEmbedding(String text, int start, int end, float[] vector) {}
