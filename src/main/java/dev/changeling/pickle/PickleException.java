package dev.changeling.pickle;

/** A pickle that is damaged, or that holds something that is not understood here; the message says what and where. */
final class PickleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PickleException(String message) {
        super(message);
    }
}
