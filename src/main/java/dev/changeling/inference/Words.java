package dev.changeling.inference;

import dev.changeling.tokenizer.WordCharacters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Joins tokens to words, whatever tokenizer made them: two tokens are of one word if nothing stands between them and
 * letters or digits meet. Ideographs are words of their own, as in BERT.
 */
final class Words {
    private final String text;
    private final Consumer<DetectedWord> sink;
    // The word that the next token may go on with; none before the first token.
    private int start;
    private int end = -1;
    private double replaced;

    /** @param sink is given each word when it is over */
    Words(String text, Consumer<DetectedWord> sink) {
        this.text = text;
        this.sink = sink;
    }

    static List<DetectedWord> of(String text, List<DetectedToken> tokens) {
        List<DetectedWord> found = new ArrayList<>();
        Words words = new Words(text, found::add);
        tokens.forEach(words::add);
        words.end();
        return found;
    }

    void add(DetectedToken token) {
        // Some tokenizers count the space before a word to the token.
        int from = token.start();
        while (from < token.end() && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        if (end >= 0 && meet(text, end, from)) {
            end = Math.max(end, token.end());
            replaced = Math.max(replaced, token.replaced());
        } else {
            end();
            start = from;
            end = token.end();
            replaced = token.replaced();
        }
    }

    /** Hands over the last word. */
    void end() {
        if (end >= 0) {
            sink.accept(new DetectedWord(text.substring(start, end), start, end, replaced));
            end = -1;
        }
    }

    private static boolean meet(String text, int end, int start) {
        if (start < end) {
            // Tokens that are bytes of one character.
            return true;
        }
        return start == end
                && start > 0
                && start < text.length()
                && WordCharacters.contains(text.codePointBefore(end))
                && WordCharacters.contains(text.codePointAt(start));
    }
}
