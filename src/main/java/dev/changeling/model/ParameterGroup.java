package dev.changeling.model;

/**
 * A window on the flat buffer of a {@link ParameterStore} whose numbers are all changed in one way.
 *
 * @param offset of its first number
 * @param size how many numbers
 * @param rateFactor what the learning rate is multiplied by
 * @param decays whether weight decay applies
 */
public record ParameterGroup(long offset, long size, double rateFactor, boolean decays) {}
