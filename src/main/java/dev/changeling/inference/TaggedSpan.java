package dev.changeling.inference;

/**
 * A stretch of a text that is something: a noun phrase, a person.
 *
 * @param text as it stands
 * @param start where it begins, in UTF-16 units
 * @param end where it ends
 * @param type what it is: a tag without its {@code B-} or {@code I-}
 */
public record TaggedSpan(String text, int start, int end, String type) {}
