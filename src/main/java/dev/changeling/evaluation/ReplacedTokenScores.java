package dev.changeling.evaluation;

/** Counts what a discriminator says of replaced tokens, sequence by sequence. Not safe for use by several threads. */
public final class ReplacedTokenScores {
    private final BinaryScores scores = new BinaryScores();
    private double lossSum;

    /**
     * Adds a sequence.
     *
     * @param logits a number for each token, above 0 for replaced
     */
    public void add(ReplacedSequence sequence, float[] logits) {
        scores.add(logits, sequence.replaced());
        for (int i = 0; i < logits.length; i++) {
            double logit = sequence.replaced()[i] > 0.5f ? -logits[i] : logits[i];
            // ln(1 + e^x), which overflows for large x when written so.
            lossSum += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
        }
    }

    /** Returns the scores so far. */
    public ReplacedTokenReport report() {
        return new ReplacedTokenReport(lossSum / Math.max(1, scores.count()), scores.auc(), scores.count());
    }
}
