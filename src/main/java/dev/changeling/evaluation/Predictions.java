package dev.changeling.evaluation;

import dev.changeling.objective.JointStep;
import dev.changeling.objective.Predicted;
import dev.changeling.objective.Totals;
import dev.changeling.tensor.HostCopy;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * What both networks predicted in one pass, in host memory, so that it outlives the pass and can be counted elsewhere.
 *
 * @param mlmLossSum the generator's loss, nats, summed over the masked positions
 * @param rtdLossSum the discriminator's loss, nats, summed over the tokens
 * @param entropySum of the generator's predictions, nats, summed over the masked positions
 * @param masked masked positions, M
 * @param guessedRight where the original is the generator's likeliest token
 * @param sampledRight where the token that was written is the original
 * @param scores_T the discriminator's logits
 * @param labels_T 1 for a replaced token, else 0
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two threads, never compared
public record Predictions(
        double mlmLossSum,
        double rtdLossSum,
        double entropySum,
        long masked,
        long guessedRight,
        long sampledRight,
        float[] scores_T,
        float[] labels_T) {

    /**
     * Reads the predictions of a pass.
     *
     * @param totals what the pass's losses were averaged over
     */
    public static Predictions of(JointStep step, Totals totals) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            Predicted predicted = step.predicted();
            Tensor originals_M = step.masked().originals_M();
            return new Predictions(
                    step.mlmLoss().item_double() * totals.masked(),
                    step.rtdLoss().item_double() * totals.tokens(),
                    predicted == null ? 0 : predicted.entropy_M().sum().item_double(),
                    originals_M.numel(),
                    predicted == null ? 0 : predicted.right_M().sum().item_long(),
                    step.samples_M().eq(originals_M).sum().item_long(),
                    step.scores_T().map(HostCopy::toFloats).orElseGet(() -> new float[0]),
                    step.scores_T()
                            .map(scores -> HostCopy.toFloats(step.replaced().labels_T()))
                            .orElseGet(() -> new float[0]));
        }
    }
}
