package dev.changeling.training;

/**
 * Training met a loss, a gradient or weights that are not finite numbers. Nothing of that step has been kept: the last
 * checkpoint is from before it.
 */
public final class NonFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NonFiniteException(String message) {
        super(message);
    }
}
