package dev.changeling.finetuning;

import dev.changeling.hub.TaskKind;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * A classification that notes what it is shown, and whose scores are written beforehand.
 *
 * @param task what is learnt
 * @param shown the items of every loss
 * @param script the scores, one after another
 */
record Watched(ClassificationTask task, List<Item<Integer>> shown, Iterator<Double> script)
        implements Task<TextExample, Integer, float[]> {

    Watched(ClassificationTask task, List<Item<Integer>> shown) {
        this(task, shown, List.<Double>of().iterator());
    }

    @Override
    public TaskKind kind() {
        return task.kind();
    }

    @Override
    public List<String> labels() {
        return task.labels();
    }

    @Override
    public List<Item<Integer>> items(TextExample example) {
        return task.items(example);
    }

    @Override
    public Tensor lossSum(Engine engine, Tensor outputs, List<Item<Integer>> items) {
        synchronized (shown) {
            shown.addAll(items);
        }
        return task.lossSum(engine, outputs, items);
    }

    @Override
    public double weight(Item<Integer> item) {
        return task.weight(item);
    }

    @Override
    public float[] prediction(TextExample example, List<Item<Integer>> items, List<float[]> outputs) {
        return task.prediction(example, items, outputs);
    }

    @Override
    public TaskScores scores(List<TextExample> examples, List<float[]> predictions) {
        return new TaskScores("scripted", Map.of("scripted", script.next()));
    }

    @Override
    public Map<String, Object> row(TextExample example, float[] prediction) {
        return task.row(example, prediction);
    }
}
