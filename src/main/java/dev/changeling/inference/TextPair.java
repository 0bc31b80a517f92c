package dev.changeling.inference;

import org.jspecify.annotations.Nullable;

/**
 * A text, or two that are judged together.
 *
 * @param first the text
 * @param second the other one, or null
 */
public record TextPair(String first, @Nullable String second) {
    /** Returns a text alone. */
    public static TextPair of(String text) {
        return new TextPair(text, null);
    }
}
