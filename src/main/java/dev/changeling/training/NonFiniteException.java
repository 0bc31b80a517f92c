package dev.changeling.training;

/** Training met a loss or a gradient that is not a finite number; the parameters are as they were before the step. */
public final class NonFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NonFiniteException(String message) {
        super(message);
    }
}
