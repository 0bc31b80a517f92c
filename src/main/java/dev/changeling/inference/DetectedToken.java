package dev.changeling.inference;

/**
 * A token and how likely it was replaced.
 *
 * @param text what it covers of the original text
 * @param start index of its first UTF-16 unit in the original text
 * @param end index after its last UTF-16 unit
 * @param replaced probability that it was replaced, from 0 to 1
 */
public record DetectedToken(String text, int start, int end, double replaced) {}
