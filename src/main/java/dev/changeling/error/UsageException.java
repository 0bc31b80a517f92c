package dev.changeling.error;

/**
 * A value given in the call itself that no file could make right: a row length of 1, an unknown preset. The command
 * line exits with 2, as for an unknown option.
 */
public final class UsageException extends InputException {
    private static final long serialVersionUID = 1L;

    /** @param message one line: what was found, what was expected */
    public UsageException(String message) {
        super(message);
    }
}
