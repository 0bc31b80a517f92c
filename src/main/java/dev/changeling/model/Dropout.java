package dev.changeling.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How much a forward pass drops at random (Srivastava et al., JMLR 2014); survivors are scaled up.
 *
 * @param hidden probability that a hidden unit is dropped
 * @param attention probability that an attention weight is dropped
 */
public record Dropout(double hidden, double attention) {
    /** Nothing is dropped: evaluation and use. */
    public static final Dropout NONE = new Dropout(0, 0);

    Tensor apply(Tensor x) {
        return hidden == 0 ? x : torch.dropout(x, hidden, true);
    }
}
