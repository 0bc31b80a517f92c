package dev.changeling.evaluation;

import dev.changeling.objective.JointStep;
import dev.changeling.objective.Totals;
import dev.changeling.tensor.HostCopy;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Counts the predictions of both networks over any number of device batches. Not safe for use by several threads. */
public final class PretrainingScores {
    private double mlmLossSum;
    private double rtdLossSum;
    private double entropySum;
    private long masked;
    private long guessedRight;
    private long sampledRight;
    private final BinaryScores replaced = new BinaryScores();

    /**
     * Adds the predictions of one pass.
     *
     * @param totals what the pass's losses were averaged over
     */
    public void add(JointStep step, Totals totals) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            mlmLossSum += step.mlmLoss().item_double() * totals.masked();
            rtdLossSum += step.rtdLoss().item_double() * totals.tokens();
            Tensor logits_MV = step.logits_MV().detach().to(torch.ScalarType.Float);
            Tensor originals_M = step.masked().originals_M();
            masked += originals_M.numel();
            guessedRight += logits_MV
                    .argmax(new org.bytedeco.pytorch.LongOptional(1), false)
                    .eq(originals_M)
                    .sum()
                    .item_long();
            sampledRight += step.samples_M().eq(originals_M).sum().item_long();
            Tensor logProbabilities_MV = torch.log_softmax(logits_MV, 1);
            entropySum -=
                    logProbabilities_MV.exp().mul_(logProbabilities_MV).sum().item_double();
            replaced.add(
                    HostCopy.toFloats(step.scores_T()),
                    HostCopy.toFloats(step.replaced().labels_T()));
        }
    }

    /** Adds the predictions that another has counted. */
    public void add(PretrainingScores other) {
        mlmLossSum += other.mlmLossSum;
        rtdLossSum += other.rtdLossSum;
        entropySum += other.entropySum;
        masked += other.masked;
        guessedRight += other.guessedRight;
        sampledRight += other.sampledRight;
        replaced.add(other.replaced);
    }

    /** Returns the scores so far. */
    public PretrainingReport report() {
        double positions = Math.max(1, masked);
        double tokens = Math.max(1, replaced.count());
        return new PretrainingReport(
                mlmLossSum / positions,
                guessedRight / positions,
                sampledRight / positions,
                entropySum / positions,
                replaced.positiveFraction(),
                rtdLossSum / tokens,
                replaced.majorityLoss(),
                replaced.accuracy(),
                replaced.precision(),
                replaced.recall(),
                replaced.auc(),
                masked,
                replaced.count());
    }
}
