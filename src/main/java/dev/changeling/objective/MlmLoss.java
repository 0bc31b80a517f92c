package dev.changeling.objective;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The generator's loss: the negative log-likelihood of the original tokens, in nats, summed over the masked positions
 * and divided by their number in the step's total batch.
 *
 * @param masked masked positions in the step's total batch
 */
public record MlmLoss(long masked) {
    // google run_pretraining.py:277 guards its division so; kept, for the same numbers.
    private static final double EPSILON = 1e-6;

    /** Returns this batch's share of L_MLM, a scalar. */
    public Tensor of(Tensor logits_MV, Masked batch) {
        Tensor logProbabilities_MV = torch.log_softmax(logits_MV.to(torch.ScalarType.Float), 1);
        Tensor sum = torch.nll_loss(
                logProbabilities_MV, batch.originals_M(), new TensorOptional(), torch.Reduction.Sum.value, -100);
        return sum.div(new org.bytedeco.pytorch.Scalar(masked + EPSILON));
    }
}
