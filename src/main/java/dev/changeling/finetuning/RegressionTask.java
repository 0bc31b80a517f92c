package dev.changeling.finetuning;

import dev.changeling.evaluation.Correlation;
import dev.changeling.hub.TaskKind;
import dev.changeling.task.Labels;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A number for a text, or for two: squared error.
 *
 * @param name of the number
 * @param text makes sequences of texts
 */
record RegressionTask(String name, TextItems text) implements Task<TextExample, Double, Double> {

    private static double number(TextExample example) {
        return Labels.number(example.labels().get(0), example.where());
    }

    @Override
    public TaskKind kind() {
        return TaskKind.REGRESSION;
    }

    @Override
    public List<String> labels() {
        return List.of(name);
    }

    @Override
    public List<Item<Double>> items(TextExample example) {
        return List.of(Item.of(text.of(example), number(example)));
    }

    @Override
    public Tensor lossSum(Engine engine, Tensor outputs, List<Item<Double>> items) {
        float[] targets = new float[items.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = items.get(i).target().floatValue();
        }
        Tensor errors = outputs.squeeze(1).sub(HostCopy.toDevice(engine, targets, targets.length));
        return errors.pow(new Scalar(2)).sum();
    }

    @Override
    public double weight(Item<Double> item) {
        return 1;
    }

    @Override
    public Double prediction(TextExample example, List<Item<Double>> items, List<float[]> outputs) {
        return (double) outputs.get(0)[0];
    }

    /** Returns what may decide, see {@link TaskExamples}. */
    static List<String> measures() {
        return List.of("spearman", "pearson");
    }

    @Override
    public TaskScores scores(List<TextExample> examples, List<Double> predictions) {
        double[] gold = examples.stream().mapToDouble(RegressionTask::number).toArray();
        double[] predicted =
                predictions.stream().mapToDouble(Double::doubleValue).toArray();
        double squares = IntStream.range(0, gold.length)
                .mapToDouble(i -> (gold[i] - predicted[i]) * (gold[i] - predicted[i]))
                .sum();
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("spearman", Correlation.spearman(gold, predicted));
        values.put("pearson", Correlation.pearson(gold, predicted));
        values.put("root_mean_squared_error", Math.sqrt(squares / gold.length));
        return new TaskScores("spearman", values);
    }

    @Override
    public Map<String, Object> row(TextExample example, Double prediction) {
        Map<String, Object> row = TextRows.start(example);
        row.put("label", number(example));
        row.put("predicted", prediction);
        return row;
    }
}
