package dev.changeling.inference;

import java.util.List;

/**
 * The vectors of a text's tokens.
 *
 * @param text the original text
 * @param truncated whether the text was longer than the network takes, so that tokens at its end are missing
 * @param tokens in their order, [CLS] and [SEP] left out
 */
public record TokenEmbeddings(String text, boolean truncated, List<TokenEmbedding> tokens) {
    public TokenEmbeddings {
        tokens = List.copyOf(tokens);
    }
}
