package dev.changeling.inference;

/**
 * A word or punctuation mark and how likely it was replaced.
 *
 * @param text of the word, as it stands in the original text
 * @param start index of its first UTF-16 unit in the original text
 * @param end index after its last UTF-16 unit
 * @param replaced the highest probability of its tokens, from 0 to 1
 */
public record DetectedWord(String text, int start, int end, double replaced) {}
