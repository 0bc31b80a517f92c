package dev.changeling.cli;

/** Text of others as a terminal may show it. */
final class Visible {
    /** In UTF-16 units. */
    private static final int LONGEST_WORD = 40;

    private Visible() {}

    /** Returns a text with what a terminal would obey written as U+FFFD, one for one; line breaks and tabs stay. */
    static String of(String text) {
        StringBuilder visible = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\n' && c != '\t') {
                visible.setCharAt(i, '\uFFFD');
            }
        }
        return visible.toString();
    }

    /** Returns a text on one line. */
    static String line(String text) {
        return of(text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' '));
    }

    /** Returns a word on one line, its end left out if it is very long. */
    static String word(String text) {
        int end = text.length() <= LONGEST_WORD ? text.length() : text.offsetByCodePoints(0, LONGEST_WORD / 2);
        return line(text.substring(0, end)) + (end < text.length() ? "\u2026" : "");
    }
}
