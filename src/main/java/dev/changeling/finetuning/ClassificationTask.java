package dev.changeling.finetuning;

import dev.changeling.evaluation.ClassificationScores;
import dev.changeling.hub.TaskKind;
import dev.changeling.task.Labels;
import dev.changeling.task.Probabilities;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * One of K labels of a text, or of two: cross-entropy, each example weighted by its class.
 *
 * @param labelSet of the training examples
 * @param classWeights of each label, [K]
 * @param text makes sequences of texts
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ClassificationTask(Labels labelSet, float[] classWeights, TextItems text)
        implements Task<TextExample, Integer, float[]> {

    /** Returns weights that are all 1. */
    static float[] evenWeights(Labels labels) {
        float[] weights = new float[labels.size()];
        Arrays.fill(weights, 1);
        return weights;
    }

    /** Returns weights by which every class counts as much as any other: n / (K · n of the class), as scikit-learn. */
    static float[] balancedWeights(Labels labels, List<TextExample> examples) {
        long[] counts = new long[labels.size()];
        examples.forEach(example -> counts[id(labels, example)]++);
        float[] weights = new float[counts.length];
        for (int label = 0; label < counts.length; label++) {
            weights[label] = (float) (examples.size() / ((double) counts.length * Math.max(1, counts[label])));
        }
        return weights;
    }

    private static int id(Labels labels, TextExample example) {
        return labels.id(example.labels().get(0), example.where());
    }

    @Override
    public TaskKind kind() {
        return TaskKind.CLASSIFICATION;
    }

    @Override
    public List<String> labels() {
        return labelSet.names();
    }

    @Override
    public List<Item<Integer>> items(TextExample example) {
        return List.of(Item.of(text.of(example), id(labelSet, example)));
    }

    @Override
    public Tensor lossSum(Engine engine, Tensor outputs, List<Item<Integer>> items) {
        return Losses.crossEntropy(
                engine, outputs, items.stream().mapToInt(Item::target).toArray(), classWeights);
    }

    @Override
    public double weight(Item<Integer> item) {
        return classWeights[item.target()];
    }

    @Override
    public float[] prediction(TextExample example, List<Item<Integer>> items, List<float[]> outputs) {
        return Probabilities.ofOne(outputs.get(0));
    }

    /** Returns what may decide, see {@link TaskExamples}. */
    static List<String> measures(Labels labels) {
        return labels.size() == 2
                ? List.of("accuracy", "macro_f1", "micro_f1", "f1", "precision", "recall", "matthews")
                : List.of("accuracy", "macro_f1", "micro_f1", "matthews");
    }

    @Override
    public TaskScores scores(List<TextExample> examples, List<float[]> predictions) {
        ClassificationScores scores = compare(examples, predictions);
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("accuracy", scores.accuracy());
        values.put("macro_f1", scores.macroF1());
        values.put("micro_f1", scores.microF1());
        if (labelSet.size() == 2) {
            values.put("f1", scores.positive().f1());
            values.put("precision", scores.positive().precision());
            values.put("recall", scores.positive().recall());
        }
        values.put("matthews", scores.matthews());
        return new TaskScores("accuracy", values);
    }

    private ClassificationScores compare(List<TextExample> examples, List<float[]> predictions) {
        return ClassificationScores.of(
                labelSet.size(),
                examples.stream().mapToInt(example -> id(labelSet, example)).toArray(),
                predictions.stream().mapToInt(Probabilities::highest).toArray());
    }

    @Override
    public Map<String, Object> row(TextExample example, float[] prediction) {
        int predicted = Probabilities.highest(prediction);
        Map<String, Object> row = TextRows.start(example);
        row.put("label", example.labels().get(0));
        row.put("predicted", labelSet.name(predicted));
        row.put("probability", prediction[predicted]);
        return row;
    }

    /** Returns how often each label was taken for each other, one row a label, one column for what was predicted. */
    @Override
    public Map<String, String> tables(List<TextExample> examples, List<float[]> predictions) {
        ClassificationScores scores = compare(examples, predictions);
        StringBuilder table = new StringBuilder("label\\predicted");
        labels().forEach(label -> table.append('\t').append(cell(label)));
        table.append('\n');
        for (int gold = 0; gold < labelSet.size(); gold++) {
            table.append(cell(labelSet.name(gold)));
            for (int predicted = 0; predicted < labelSet.size(); predicted++) {
                table.append('\t').append(scores.confusion(gold, predicted));
            }
            table.append('\n');
        }
        return Map.of("confusion.tsv", table.toString());
    }

    /** Returns a label as a cell of a table, whose columns and rows it must not break. */
    private static String cell(String label) {
        return label.replaceAll("[\t\r\n]", " ");
    }
}
