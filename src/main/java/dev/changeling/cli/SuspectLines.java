package dev.changeling.cli;

import dev.changeling.inference.DetectedWord;
import dev.changeling.inference.Expectation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The suspected words of a text, a line each: where, how likely, and what would be expected. */
final class SuspectLines {
    private SuspectLines() {}

    /**
     * Returns the lines.
     *
     * @param line the number of the text's first line
     * @param suspected words in their order
     * @param expectations of the same
     */
    static List<String> of(String text, long line, List<DetectedWord> suspected, List<Expectation> expectations) {
        List<String> lines = new ArrayList<>();
        long number = line;
        int lineStart = 0;
        int at = 0;
        for (int i = 0; i < suspected.size(); i++) {
            DetectedWord word = suspected.get(i);
            for (; at < word.start(); at++) {
                if (text.charAt(at) == '\n') {
                    number++;
                    lineStart = at + 1;
                }
            }
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-6s %s %.2f  %s",
                    number + ":" + (word.start() - lineStart + 1),
                    Visible.word(word.text()),
                    word.replaced(),
                    Expecting.text(word, expectations.get(i))));
        }
        return lines;
    }
}
