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
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Vectors of texts whose cosine says how alike the texts are: squared error against the label, scaled so that the
 * lowest of the training pairs is 0 and the highest 1 (Reimers and Gurevych, arXiv 1908.10084, section 3.1).
 *
 * @param lowest label of the training pairs
 * @param highest label of the training pairs
 * @param text makes sequences of texts
 */
record SimilarityTask(double lowest, double highest, TextItems text) implements Task<TextExample, Double, VectorPair> {

    /** Returns the task that pairs set. */
    static SimilarityTask of(List<TextExample> examples, TextItems text) {
        return new SimilarityTask(
                examples.stream().mapToDouble(SimilarityTask::number).min().orElse(0),
                examples.stream().mapToDouble(SimilarityTask::number).max().orElse(1),
                text);
    }

    private static double number(TextExample example) {
        return Labels.number(example.labels().get(0), example.where());
    }

    @Override
    public TaskKind kind() {
        return TaskKind.EMBEDDING;
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public List<Item<Double>> items(TextExample example) {
        double scaled = (number(example) - lowest) / Math.max(1e-12, highest - lowest);
        return List.of(new Item<>(text.both(example), scaled));
    }

    @Override
    public Tensor lossSum(Engine engine, Tensor outputs, List<Item<Double>> items) {
        Tensor units_P2H = Losses.units(outputs).view(items.size(), 2, outputs.size(1));
        Tensor cosines_P = units_P2H.select(1, 0).mul(units_P2H.select(1, 1)).sum(1);
        float[] targets = new float[items.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = items.get(i).target().floatValue();
        }
        return cosines_P
                .sub(HostCopy.toDevice(engine, targets, targets.length))
                .pow(new Scalar(2))
                .sum();
    }

    @Override
    public double weight(Item<Double> item) {
        return 1;
    }

    @Override
    public VectorPair prediction(TextExample example, List<Item<Double>> items, List<float[]> outputs) {
        return new VectorPair(outputs.get(0), outputs.get(1));
    }

    /** Returns what may decide, see {@link TaskExamples}. */
    static List<String> measures() {
        return List.of("spearman", "pearson");
    }

    @Override
    public TaskScores scores(List<TextExample> examples, List<VectorPair> predictions) {
        double[] gold = examples.stream().mapToDouble(SimilarityTask::number).toArray();
        double[] cosines = predictions.stream().mapToDouble(VectorPair::cosine).toArray();
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("spearman", Correlation.spearman(gold, cosines));
        values.put("pearson", Correlation.pearson(gold, cosines));
        return new TaskScores("spearman", values);
    }

    @Override
    public Map<String, Object> row(TextExample example, VectorPair prediction) {
        Map<String, Object> row = TextRows.start(example);
        row.put("label", number(example));
        row.put("cosine", prediction.cosine());
        return row;
    }
}
