package dev.changeling.inference;

import java.util.List;

/**
 * What a discriminator makes of a text.
 *
 * @param text the original text
 * @param tokens in their order, [CLS] and [SEP] left out; the discriminator's own view
 * @param words the same, with the pieces of a word joined
 */
public record Detection(String text, List<DetectedToken> tokens, List<DetectedWord> words) {
    public Detection {
        tokens = List.copyOf(tokens);
        words = List.copyOf(words);
    }
}
