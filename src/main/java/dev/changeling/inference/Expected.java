package dev.changeling.inference;

/**
 * What a generator would have written.
 *
 * @param text a word or punctuation mark, in lower case if the generator's vocabulary has nothing else
 * @param probability that the generator gives it, from 0 to 1
 */
public record Expected(String text, double probability) {}
