package dev.changeling.evaluation;

import dev.changeling.objective.JointStep;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.Predicted;
import dev.changeling.objective.Totals;
import dev.changeling.tensor.HostCopy;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * What both networks predicted in one pass, in host memory, so that it outlives the pass and can be counted elsewhere.
 *
 * @param batch what they predicted of
 * @param mlmLossSum the generator's loss, nats, summed over the masked positions
 * @param rtdLossSum the discriminator's loss, nats, summed over the tokens
 * @param entropies_M of the generator's predictions, nats
 * @param guessedRight_M 1 where the original is the generator's likeliest token, else 0
 * @param samples_M the token that was written
 * @param scores_T the discriminator's logits
 * @param labels_T 1 for a replaced token, else 0
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two threads, never compared
public record Predictions(
        MaskedBatch batch,
        double mlmLossSum,
        double rtdLossSum,
        float[] entropies_M,
        int[] guessedRight_M,
        int[] samples_M,
        float[] scores_T,
        float[] labels_T) {

    /**
     * Reads the predictions of a pass.
     *
     * @param batch what went through the networks
     * @param totals what the pass's losses were averaged over
     */
    public static Predictions of(JointStep step, MaskedBatch batch, Totals totals) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            Predicted predicted = step.predicted();
            return new Predictions(
                    batch,
                    step.mlmLoss().item_double() * totals.masked(),
                    step.rtdLoss().item_double() * totals.tokens(),
                    HostCopy.toFloats(predicted.entropy_M()),
                    HostCopy.toInts(predicted.right_M()),
                    HostCopy.toInts(step.samples_M()),
                    HostCopy.toFloats(step.scores_T()),
                    HostCopy.toFloats(step.replaced().labels_T()));
        }
    }
}
