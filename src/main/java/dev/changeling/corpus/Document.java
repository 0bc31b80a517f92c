package dev.changeling.corpus;

/**
 * One document: the unit that attention never crosses and that the held-out split never divides.
 *
 * @param source where it came from, for messages: a path, or {@code <stdin>}
 * @param line the number of its first line (or row) in that source, from 1
 * @param text its text; paragraphs are separated by {@code '\n'}
 */
public record Document(String source, long line, String text) {}
