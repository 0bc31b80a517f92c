package dev.changeling.cli;

/** What the program's exit code says. */
final class ExitCode {
    /** Done. */
    static final int DONE = 0;
    /** Failed, and said why. */
    static final int FAILED = 1;
    /** Called in a way that {@code --help} does not describe. */
    static final int USAGE = 2;
    /** Training met numbers that are not finite. A signal's 130 or 143 comes from the JVM itself. */
    static final int NON_FINITE = 3;

    private ExitCode() {}
}
