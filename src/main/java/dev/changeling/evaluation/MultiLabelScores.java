package dev.changeling.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores of a classifier that gives any number of L labels to each example, as scikit-learn computes them from
 * indicator matrices.
 *
 * @param subsetAccuracy the share of examples whose labels are all right, with none missing and none too many
 * @param labels the scores of each label, in the order of their ids
 */
public record MultiLabelScores(double subsetAccuracy, List<PrecisionRecall> labels) {
    public MultiLabelScores {
        labels = List.copyOf(labels);
    }

    /**
     * Compares predictions with what is right.
     *
     * @param gold_BL whether a label applies
     * @param predicted_BL whether it was predicted
     * @throws IllegalArgumentException if there is no example or no label, or the shapes differ
     */
    public static MultiLabelScores of(boolean[][] gold_BL, boolean[][] predicted_BL) {
        if (gold_BL.length == 0 || gold_BL.length != predicted_BL.length || gold_BL[0].length == 0) {
            throw new IllegalArgumentException(
                    predicted_BL.length + " predictions for " + gold_BL.length + " examples");
        }
        int labelCount = gold_BL[0].length;
        for (boolean[][] matrix : List.of(gold_BL, predicted_BL)) {
            for (boolean[] row : matrix) {
                if (row.length != labelCount) {
                    throw new IllegalArgumentException(row.length + " labels; expected " + labelCount);
                }
            }
        }
        long right = IntStream.range(0, gold_BL.length)
                .filter(i -> Arrays.equals(gold_BL[i], predicted_BL[i]))
                .count();
        return new MultiLabelScores(
                PrecisionRecall.share(right, gold_BL.length),
                IntStream.range(0, labelCount)
                        .mapToObj(label -> ofLabel(gold_BL, predicted_BL, label))
                        .toList());
    }

    private static PrecisionRecall ofLabel(boolean[][] gold_BL, boolean[][] predicted_BL, int label) {
        long truePositives = 0;
        long predicted = 0;
        long gold = 0;
        for (int i = 0; i < gold_BL.length; i++) {
            truePositives += gold_BL[i][label] && predicted_BL[i][label] ? 1 : 0;
            predicted += predicted_BL[i][label] ? 1 : 0;
            gold += gold_BL[i][label] ? 1 : 0;
        }
        return new PrecisionRecall(truePositives, predicted, gold);
    }

    /** Returns the scores over all labels' counts together: its {@code f1()} is micro F1. */
    public PrecisionRecall micro() {
        return labels.stream().reduce(new PrecisionRecall(0, 0, 0), PrecisionRecall::plus);
    }

    /** Returns the mean of the labels' F1, each counting the same, also those that never occur. */
    public double macroF1() {
        return labels.stream().mapToDouble(PrecisionRecall::f1).average().orElse(0);
    }
}
