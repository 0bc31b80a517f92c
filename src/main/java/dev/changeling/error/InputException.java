package dev.changeling.error;

/**
 * Input that can't be used: a damaged file, a wrong key, a folder that is in the way.
 *
 * <p>The message is one line for a person: where (file, line, key), what was found, what was expected. The command line
 * prints it as it is and exits with 1; a stack trace appears with {@code --verbose} only.
 */
public sealed class InputException extends RuntimeException permits UsageException {
    private static final long serialVersionUID = 1L;

    /** @param message one line: where, what was found, what was expected */
    public InputException(String message) {
        super(message);
    }

    /**
     * @param message one line: where, what was found, what was expected
     * @param cause what the platform said, kept for {@code --verbose}
     */
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
