package dev.changeling.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Gives autograd a gradient that was computed by hand. */
public final class KnownGradient {
    private KnownGradient() {}

    /**
     * Returns the scalar again, with one more way for gradients to flow: backward through it, {@code input} receives
     * {@code gradient} times what the scalar receives.
     *
     * <p>The inner product of input and gradient has just that derivative; it is added and taken away again, so that
     * the value stays what it is.
     *
     * @param scalar a value that was computed outside of autograd, or with other gradients already attached
     * @param input what it was computed from
     * @param gradient the derivative of the scalar with respect to the input, of the input's shape, contiguous; it must
     *     not be written to before the backward pass
     */
    public static Tensor attach(Tensor scalar, Tensor input, Tensor gradient) {
        Tensor product = torch.dot(input.reshape(-1), gradient.view(-1));
        return scalar.add(product.sub(product.detach()));
    }
}
