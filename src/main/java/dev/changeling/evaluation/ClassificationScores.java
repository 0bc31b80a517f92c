package dev.changeling.evaluation;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores of a classifier that gives one of C classes to each example (or to each word, for plain tags), as
 * scikit-learn's {@code metrics} computes them with their defaults.
 */
public final class ClassificationScores {
    private final long[][] confusion_CC;
    private final List<PrecisionRecall> classes;
    private final long count;

    private ClassificationScores(long[][] confusion_CC, long count) {
        this.confusion_CC = confusion_CC;
        this.count = count;
        this.classes = IntStream.range(0, confusion_CC.length)
                .mapToObj(c -> new PrecisionRecall(confusion_CC[c][c], column(c), row(c)))
                .toList();
    }

    /**
     * Compares predictions with what is right.
     *
     * @param classCount C, at least 1
     * @param gold_B from 0 to C − 1
     * @param predicted_B from 0 to C − 1
     * @throws IllegalArgumentException if there is no example, the lengths differ, or an id is out of range
     */
    public static ClassificationScores of(int classCount, int[] gold_B, int[] predicted_B) {
        if (gold_B.length == 0 || gold_B.length != predicted_B.length) {
            throw new IllegalArgumentException(predicted_B.length + " predictions for " + gold_B.length + " examples");
        }
        long[][] confusion_CC = new long[classCount][classCount];
        for (int i = 0; i < gold_B.length; i++) {
            check(gold_B[i], classCount);
            check(predicted_B[i], classCount);
            confusion_CC[gold_B[i]][predicted_B[i]]++;
        }
        return new ClassificationScores(confusion_CC, gold_B.length);
    }

    private static void check(int id, int classCount) {
        if (id < 0 || id >= classCount) {
            throw new IllegalArgumentException("class " + id + " of " + classCount);
        }
    }

    /** Returns how many examples there were. */
    public long count() {
        return count;
    }

    /** Returns how many examples of one class were predicted to be of another, or of the same. */
    public long confusion(int gold, int predicted) {
        return confusion_CC[gold][predicted];
    }

    /** Returns the scores of each class, in the order of their ids. */
    public List<PrecisionRecall> classes() {
        return classes;
    }

    /** Returns the share of examples whose class was predicted. */
    public double accuracy() {
        return PrecisionRecall.share(right(), count);
    }

    /** Returns F1 over all classes' counts together. With one class an example, this is the accuracy. */
    public double microF1() {
        return accuracy();
    }

    /**
     * Returns the mean of the classes' F1, each counting the same. Classes that neither occur nor were predicted are
     * left out.
     */
    public double macroF1() {
        return classes.stream()
                .filter(one -> one.predicted() + one.gold() > 0)
                .mapToDouble(PrecisionRecall::f1)
                .average()
                .orElse(0);
    }

    /**
     * Returns the scores of finding the last class, the one with id 1: its {@code f1()} is binary F1.
     *
     * @throws IllegalStateException if there are not two classes
     */
    public PrecisionRecall positive() {
        if (classes.size() != 2) {
            throw new IllegalStateException(classes.size() + " classes; a positive one is one of two");
        }
        return classes.get(1);
    }

    /**
     * Returns the correlation of Matthews, −1 to 1, for any number of classes; 0 if only one class occurs or only one
     * was predicted.
     *
     * <p>Gorodkin, <i>Comparing two K-category assignments by a K-category correlation coefficient</i> (2004): with c
     * right of n, and g and p how often a class occurs and is predicted, (c n − Σ g p) / √((n² − Σ p²)(n² − Σ g²)).
     */
    public double matthews() {
        double n = count;
        double together = 0;
        double predicted = 0;
        double gold = 0;
        for (PrecisionRecall one : classes) {
            together += (double) one.gold() * one.predicted();
            predicted += (double) one.predicted() * one.predicted();
            gold += (double) one.gold() * one.gold();
        }
        double variances = (n * n - predicted) * (n * n - gold);
        return variances == 0 ? 0 : (right() * n - together) / Math.sqrt(variances);
    }

    private long right() {
        return classes.stream().mapToLong(PrecisionRecall::truePositives).sum();
    }

    private long row(int gold) {
        return IntStream.range(0, confusion_CC.length)
                .mapToLong(predicted -> confusion_CC[gold][predicted])
                .sum();
    }

    private long column(int predicted) {
        return IntStream.range(0, confusion_CC.length)
                .mapToLong(gold -> confusion_CC[gold][predicted])
                .sum();
    }
}
