package dev.changeling.evaluation;

import dev.changeling.error.InputException;

/**
 * A sentence and where its error is.
 *
 * @param text of the sentence, without the marks
 * @param start index of the error's first UTF-16 unit
 * @param end index after its last UTF-16 unit, more than {@code start}
 */
public record MarkedSentence(String text, int start, int end) {
    private static final String OPEN = "<marker>";
    private static final String CLOSE = "</marker>";

    /**
     * Reads a sentence with {@code <marker>} and {@code </marker>} around its error.
     *
     * @param place where it stands, for the message
     * @throws InputException if there is not one of each, in this order, with something between
     */
    public static MarkedSentence parse(String line, String place) {
        int open = line.indexOf(OPEN);
        int close = line.indexOf(CLOSE);
        boolean isMarked = open >= 0
                && close > open + OPEN.length()
                && open == line.lastIndexOf(OPEN)
                && close == line.lastIndexOf(CLOSE);
        if (!isMarked) {
            throw new InputException(place + ": found " + marks(line) + ", expected one " + OPEN + "error" + CLOSE);
        }
        String error = line.substring(open + OPEN.length(), close);
        String text = line.substring(0, open) + error + line.substring(close + CLOSE.length());
        return new MarkedSentence(text, open, open + error.length());
    }

    private static String marks(String line) {
        int opened = line.split(OPEN, -1).length - 1;
        int closed = line.split(CLOSE, -1).length - 1;
        if (opened == 0 && closed == 0) {
            return "no mark";
        }
        return opened == 1 && closed == 1
                ? "nothing between the marks"
                : opened + " × " + OPEN + " and " + closed + " × " + CLOSE;
    }

    boolean marks(ScoredWord word) {
        return word.start() < end && word.end() > start;
    }
}
