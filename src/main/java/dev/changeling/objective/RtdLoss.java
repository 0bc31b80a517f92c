package dev.changeling.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The discriminator's loss: binary cross-entropy of "replaced", in nats, summed over all real tokens ([CLS] and [SEP]
 * too) and divided by their number in the step's total batch (google run_pretraining.py:203-209).
 *
 * @param tokens real tokens in the step's total batch
 * @param epsilon added to their number
 */
public record RtdLoss(long tokens, double epsilon) {

    /** Returns this batch's share of L_RTD, a scalar. */
    public Tensor of(Tensor scores_T, Replaced batch) {
        Tensor sum = torch.binary_cross_entropy_with_logits(
                scores_T.to(torch.ScalarType.Float),
                batch.labels_T(),
                new TensorOptional(),
                new TensorOptional(),
                torch.Reduction.Sum.value);
        return sum.div(new Scalar(tokens + epsilon));
    }
}
