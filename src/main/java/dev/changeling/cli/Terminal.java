package dev.changeling.cli;

/**
 * What the launcher says of the streams that the program writes to. Java can't tell one from the other, so without the
 * launcher neither counts as a terminal.
 */
final class Terminal {
    private Terminal() {}

    /** Whether a line on standard error can be written anew. */
    static boolean hasStatusLine() {
        return Boolean.getBoolean("changeling.terminal.err");
    }

    /** Whether standard output shows colours, and its reader has not asked for none (see no-color.org). */
    static boolean hasColour() {
        String none = System.getenv("NO_COLOR");
        return Boolean.getBoolean("changeling.terminal.out") && (none == null || none.isEmpty());
    }
}
