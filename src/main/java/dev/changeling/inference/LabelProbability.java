package dev.changeling.inference;

/**
 * A label and how likely it applies.
 *
 * @param probability from 0 to 1
 */
public record LabelProbability(String label, double probability) {}
