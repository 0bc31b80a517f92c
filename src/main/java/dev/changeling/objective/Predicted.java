package dev.changeling.objective;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the generator predicted at the masked positions.
 *
 * @param surprisal the negative log-likelihood of the original tokens, in nats, summed over the positions; a scalar,
 *     whose gradient trains the generator
 * @param samples_M a token drawn from each prediction; no gradient flows through it
 * @param entropy_M of each prediction, in nats
 * @param right_M whether the original is the likeliest token
 * @param parts_MK of several heads, the part that each has in what is drawn, 1 in all; null of one
 */
public record Predicted(
        Tensor surprisal,
        Tensor samples_M,
        Tensor entropy_M,
        Tensor right_M,
        @Nullable Tensor parts_MK) {}
