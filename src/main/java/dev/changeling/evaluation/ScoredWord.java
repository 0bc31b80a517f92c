package dev.changeling.evaluation;

/**
 * A word of a sentence and how suspect it is.
 *
 * @param start index of its first UTF-16 unit in the sentence
 * @param end index after its last UTF-16 unit
 * @param score higher is more suspect
 */
public record ScoredWord(int start, int end, double score) {}
