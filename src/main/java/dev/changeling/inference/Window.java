package dev.changeling.inference;

import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of a long text that goes through the network at once. Windows overlap, and each is believed only about
 * tokens with a quarter window of context on either side, but for those at the ends of the text.
 *
 * @param from first token
 * @param to behind the last token
 * @param believedFrom first token that it decides
 * @param believedTo behind the last token that it decides
 */
record Window(int from, int to, int believedFrom, int believedTo) {

    /**
     * Returns windows that together decide every token once, in order.
     *
     * @param tokens of the text
     * @param width the most tokens of a window, at least 1
     */
    static List<Window> over(int tokens, int width) {
        List<Window> windows = new ArrayList<>();
        int margin = width / 4;
        int from = 0;
        int decided = 0;
        while (decided < tokens) {
            boolean isLast = from + width >= tokens;
            int start = isLast ? Math.max(0, tokens - width) : from;
            int end = Math.min(tokens, start + width);
            int believedTo = isLast ? tokens : end - margin;
            windows.add(new Window(start, end, decided, believedTo));
            decided = believedTo;
            from += width - 2 * margin;
        }
        return windows;
    }
}
