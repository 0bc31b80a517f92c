package dev.changeling.objective;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The generator's loss: the negative log-likelihood of the original tokens, in nats, summed over the masked positions
 * and divided by their number in the step's total batch (google run_pretraining.py:271-279).
 *
 * @param masked masked positions in the step's total batch
 * @param epsilon added to their number, so that a batch without any has loss 0
 */
public record MlmLoss(long masked, double epsilon) {

    /** Returns this batch's share of L_MLM, a scalar. */
    public Tensor of(Tensor logits_MV, Masked batch) {
        Tensor logProbabilities_MV = torch.log_softmax(logits_MV.to(torch.ScalarType.Float), 1);
        Tensor sum = torch.nll_loss(
                logProbabilities_MV, batch.originals_M(), new TensorOptional(), torch.Reduction.Sum.value, -100);
        return sum.div(new org.bytedeco.pytorch.Scalar(masked + epsilon));
    }
}
