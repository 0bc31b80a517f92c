package dev.changeling.inference;

import java.util.ArrayList;
import java.util.List;

/**
 * Joins tokens to words, whatever tokenizer made them: two tokens are of one word if nothing stands between them and
 * letters or digits meet. Ideographs are words of their own, as in BERT.
 */
final class Words {
    private Words() {}

    static List<DetectedWord> of(String text, List<DetectedToken> tokens) {
        List<DetectedWord> words = new ArrayList<>();
        for (DetectedToken token : tokens) {
            // Some tokenizers count the space before a word to the token.
            int start = token.start();
            while (start < token.end() && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            int last = words.size() - 1;
            if (last >= 0 && meet(text, words.get(last).end(), start)) {
                DetectedWord word = words.get(last);
                words.set(
                        last,
                        word(
                                text,
                                word.start(),
                                Math.max(word.end(), token.end()),
                                Math.max(word.replaced(), token.replaced())));
            } else {
                words.add(word(text, start, token.end(), token.replaced()));
            }
        }
        return words;
    }

    private static DetectedWord word(String text, int start, int end, double replaced) {
        return new DetectedWord(text.substring(start, end), start, end, replaced);
    }

    private static boolean meet(String text, int end, int start) {
        if (start < end) {
            // Tokens that are bytes of one character.
            return true;
        }
        return start == end
                && start > 0
                && start < text.length()
                && isOfWord(text.codePointBefore(end))
                && isOfWord(text.codePointAt(start));
    }

    private static boolean isOfWord(int codePoint) {
        boolean isMark = Character.getType(codePoint) == Character.NON_SPACING_MARK
                || Character.getType(codePoint) == Character.COMBINING_SPACING_MARK;
        return (Character.isLetterOrDigit(codePoint) || isMark) && !Character.isIdeographic(codePoint);
    }
}
