package dev.changeling.tensor;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Tensor;

/**
 * What a function returned, and its pullback: the function's derivative, written by hand.
 *
 * <p>The way to spend less time and memory than autograd, which keeps what each operation read until the backward pass
 * has used it. Computed outside of autograd; {@link #attachTo} gives it back to autograd.
 *
 * @param output of the function, [B, S, …]
 * @param pullback from the gradient with respect to the output to that with respect to the input
 */
public record Differentiated(Tensor output, Pullback pullback) {

    /** A derivative, applied from the output's side. Called once: it may free what it kept. */
    @FunctionalInterface
    public interface Pullback {
        /**
         * Returns the gradient with respect to the function's input, and adds to the gradients of the function's
         * parameters.
         *
         * @param gradient with respect to the output, contiguous; it is not written to
         */
        Tensor apply(Tensor gradient);
    }

    /**
     * Returns the output as a tensor of autograd, whose gradient flows to the input through the pullback.
     *
     * @param input what the function was applied to, of the output's shape; it must require a gradient, and autograd
     *     must be on
     */
    public Tensor attachTo(Tensor input) {
        // A copy passes its gradient on to the input as it is; what the pullback returns takes its place before. An
        // alias
        // would do without copying, but whoever writes to it or to the input would cut the hook off.
        Tensor attached = input.clone();
        attached.set_data(output);
        GradientHook.replace(attached, gradient -> pullback.apply(gradient.contiguous()));
        return attached;
    }

    /** Asks an operation's derivative in libtorch for the gradients of all three of its inputs. */
    public static BoolPointer allThree() {
        return new BoolPointer(3).put(0, true).put(1, true).put(2, true);
    }
}
