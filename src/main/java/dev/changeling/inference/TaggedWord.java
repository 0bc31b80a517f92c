package dev.changeling.inference;

/**
 * A word of a text, and what a tagger takes it for.
 *
 * @param text as it stands in the text
 * @param start where it begins, in UTF-16 units
 * @param end where it ends
 * @param tag the likeliest
 * @param probability of the tag, from 0 to 1; 0 for a word of which the tokenizer makes nothing
 */
public record TaggedWord(String text, int start, int end, String tag, double probability) {}
