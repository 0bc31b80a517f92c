package dev.changeling.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The discriminator's loss: binary cross-entropy of "replaced", in nats, summed over all real tokens ([CLS] and [SEP]
 * too) or over the masked ones, and divided by their number in the step's total batch (google
 * run_pretraining.py:203-209).
 *
 * @param tokens how many there are in the step's total batch
 * @param epsilon added to their number
 */
public record RtdLoss(long tokens, double epsilon) {

    /**
     * Returns this batch's share of L_RTD, a scalar.
     *
     * @param scores_T logits of "replaced"
     * @param labels_T 1 for a replaced token, else 0
     */
    public Tensor of(Tensor scores_T, Tensor labels_T) {
        return crossEntropy(scores_T, labels_T, torch.Reduction.Sum).div(new Scalar(tokens + epsilon));
    }

    /** Returns the cross-entropy of each token, [T]: how little the discriminator believes what is true. */
    static Tensor ofEach(Tensor scores_T, Tensor labels_T) {
        return crossEntropy(scores_T, labels_T, torch.Reduction.None);
    }

    private static Tensor crossEntropy(Tensor scores_T, Tensor labels_T, torch.Reduction reduction) {
        return torch.binary_cross_entropy_with_logits(
                scores_T.to(torch.ScalarType.Float),
                labels_T,
                new TensorOptional(),
                new TensorOptional(),
                reduction.value);
    }
}
