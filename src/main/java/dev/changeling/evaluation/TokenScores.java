package dev.changeling.evaluation;

/** Counts what both networks predicted of some tokens. Not safe for use by several threads. */
final class TokenScores {
    private double entropySum;
    private long predicted;
    private long masked;
    private long guessedRight;
    private long sampled;
    private long sampledRight;
    private final BinaryScores replaced = new BinaryScores();
    private final CalibrationError calibration = new CalibrationError();

    /**
     * Adds a masked position.
     *
     * @param entropy of the generator's prediction, nats; NaN if it was not asked
     * @param guessed whether the original is its likeliest token
     */
    void addMasked(double entropy, boolean guessed) {
        masked++;
        if (!Double.isNaN(entropy)) {
            predicted++;
            entropySum += entropy;
            guessedRight += guessed ? 1 : 0;
        }
    }

    /**
     * Adds a token that the generator wrote over a masked one.
     *
     * @param right whether it is the original
     */
    void addSample(boolean right) {
        sampled++;
        sampledRight += right ? 1 : 0;
    }

    /**
     * Adds the discriminator's verdict on a token.
     *
     * @param logit above 0 for "replaced"
     */
    void addToken(float logit, boolean wasReplaced) {
        replaced.add(logit, wasReplaced);
        calibration.add(logit, wasReplaced);
    }

    /** Returns the scores so far. */
    TokenReport report() {
        long tokens = replaced.count();
        long positives = replaced.positives();
        return new TokenReport(
                guessedRight / (double) predicted,
                sampledRight / (double) sampled,
                entropySum / predicted,
                ifAny(tokens, replaced.positiveFraction()),
                ifAny(tokens, replaced.majorityLoss()),
                ifAny(tokens, replaced.accuracy()),
                ifAny(replaced.called(), replaced.precision()),
                ifAny(positives, replaced.recall()),
                ifAny(tokens - positives, replaced.falseAlarmRate()),
                ifAny(positives * (tokens - positives), replaced.auc()),
                calibration.value(),
                masked,
                tokens);
    }

    private static double ifAny(long count, double score) {
        return count == 0 ? Double.NaN : score;
    }
}
