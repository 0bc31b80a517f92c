package dev.changeling.evaluation;

/**
 * What was found of what was to be found: of a class, of a label, or of spans of a type.
 *
 * <p>Where a share would be 0 / 0 it is 0, as scikit-learn and seqeval have it by default: what was never predicted has
 * precision 0, what never occurs has recall 0, and of what neither occurs nor was predicted F1 is 0.
 *
 * @param truePositives predicted and right
 * @param predicted all that was predicted
 * @param gold all that was to be found
 */
public record PrecisionRecall(long truePositives, long predicted, long gold) {

    /** Returns the share of what was predicted that is right. */
    public double precision() {
        return share(truePositives, predicted);
    }

    /** Returns the share of what was to be found that was predicted. */
    public double recall() {
        return share(truePositives, gold);
    }

    /** Returns the harmonic mean of precision and recall: 2 TP / (predicted + gold). */
    public double f1() {
        return share(2 * truePositives, predicted + gold);
    }

    PrecisionRecall plus(PrecisionRecall other) {
        return new PrecisionRecall(truePositives + other.truePositives, predicted + other.predicted, gold + other.gold);
    }

    static double share(long part, long whole) {
        return whole == 0 ? 0 : part / (double) whole;
    }
}
