package dev.changeling.inference;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a generator makes of the place where a word stands, having seen everything but the word.
 *
 * @param original the probability of the word that stands there; null if the vocabulary doesn't know it, or it has more
 *     than eight pieces
 * @param expected what else would be expected there, likeliest first; the word itself is not among it
 */
public record Expectation(@Nullable Double original, List<Expected> expected) {
    public Expectation {
        expected = List.copyOf(expected);
    }
}
