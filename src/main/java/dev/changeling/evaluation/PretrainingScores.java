package dev.changeling.evaluation;

/** Counts the predictions of both networks over any number of device batches. Not safe for use by several threads. */
public final class PretrainingScores {
    private double mlmLossSum;
    private double rtdLossSum;
    private double entropySum;
    private long masked;
    private long guessedRight;
    private long sampledRight;
    private final BinaryScores replaced = new BinaryScores();

    /** Adds what was predicted in one pass. */
    public void add(Predictions pass) {
        mlmLossSum += pass.mlmLossSum();
        rtdLossSum += pass.rtdLossSum();
        entropySum += pass.entropySum();
        masked += pass.masked();
        guessedRight += pass.guessedRight();
        sampledRight += pass.sampledRight();
        replaced.add(pass.scores_T(), pass.labels_T());
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
