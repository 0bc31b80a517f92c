package dev.changeling.objective;

import org.bytedeco.pytorch.Tensor;

/**
 * Everything that one pass through both networks produced. Lives until the enclosing native scope ends.
 *
 * @param loss the weighted sum, a scalar; its gradient trains both networks
 * @param mlmLoss L_MLM, a scalar
 * @param rtdLoss L_RTD, a scalar
 * @param masked what was masked
 * @param predicted what the generator predicted
 * @param samples_M what was written over the masked positions
 * @param replaced the corrupted text and its labels
 * @param scores_T the discriminator's logits
 */
public record JointStep(
        Tensor loss,
        Tensor mlmLoss,
        Tensor rtdLoss,
        Masked masked,
        Predicted predicted,
        Tensor samples_M,
        Replaced replaced,
        Tensor scores_T) {}
