package dev.changeling.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The generator's loss: the negative log-likelihood of the original tokens, in nats, summed over the masked positions
 * and divided by their number in the step's total batch (google run_pretraining.py:271-279).
 *
 * @param masked masked positions in the step's total batch
 * @param epsilon added to their number, so that a batch without any has loss 0
 */
public record MlmLoss(long masked, double epsilon) {

    /** Returns this batch's share of L_MLM, a scalar. */
    public Tensor of(Predicted predicted) {
        return of(predicted.surprisal());
    }

    /** Returns the same of a surprisal, summed over the positions; a scalar. */
    Tensor of(Tensor surprisal) {
        return surprisal.div(new Scalar(masked + epsilon));
    }
}
