package dev.changeling.finetuning;

import dev.changeling.evaluation.MultiLabelScores;
import dev.changeling.hub.TaskKind;
import dev.changeling.task.Labels;
import dev.changeling.task.Probabilities;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Any of K labels of a text: binary cross-entropy, the mean over the labels. A label is predicted whose probability is
 * above one half.
 *
 * @param labelSet of the training examples
 * @param text makes sequences of texts
 */
record MultiLabelTask(Labels labelSet, TextItems text) implements Task<TextExample, boolean[], float[]> {
    private static final double THRESHOLD = 0.5;

    @Override
    public TaskKind kind() {
        return TaskKind.MULTI_LABEL;
    }

    @Override
    public List<String> labels() {
        return labelSet.names();
    }

    @Override
    public List<Item<boolean[]>> items(TextExample example) {
        return List.of(Item.of(text.of(example), applying(example)));
    }

    private boolean[] applying(TextExample example) {
        boolean[] applying = new boolean[labelSet.size()];
        example.labels().forEach(label -> applying[labelSet.id(label, example.where())] = true);
        return applying;
    }

    @Override
    public Tensor lossSum(Engine engine, Tensor outputs, List<Item<boolean[]>> items) {
        int labels = labelSet.size();
        float[] targets = new float[items.size() * labels];
        for (int i = 0; i < items.size(); i++) {
            for (int label = 0; label < labels; label++) {
                targets[i * labels + label] = items.get(i).target()[label] ? 1 : 0;
            }
        }
        return torch.binary_cross_entropy_with_logits(
                        outputs,
                        HostCopy.toDevice(engine, targets, items.size(), labels),
                        new TensorOptional(),
                        new TensorOptional(),
                        torch.Reduction.Sum.value)
                .div(new Scalar(labels));
    }

    @Override
    public double weight(Item<boolean[]> item) {
        return 1;
    }

    @Override
    public float[] prediction(TextExample example, List<Item<boolean[]>> items, List<float[]> outputs) {
        return Probabilities.ofEach(outputs.get(0));
    }

    /** Returns what may decide, see {@link TaskExamples}. */
    static List<String> measures() {
        return List.of("micro_f1", "macro_f1", "precision", "recall", "subset_accuracy");
    }

    @Override
    public TaskScores scores(List<TextExample> examples, List<float[]> predictions) {
        MultiLabelScores scores = MultiLabelScores.of(
                examples.stream().map(this::applying).toArray(boolean[][]::new),
                predictions.stream().map(MultiLabelTask::predicted).toArray(boolean[][]::new));
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("micro_f1", scores.micro().f1());
        values.put("macro_f1", scores.macroF1());
        values.put("precision", scores.micro().precision());
        values.put("recall", scores.micro().recall());
        values.put("subset_accuracy", scores.subsetAccuracy());
        return new TaskScores("micro_f1", values);
    }

    private static boolean[] predicted(float[] probabilities) {
        boolean[] predicted = new boolean[probabilities.length];
        for (int label = 0; label < predicted.length; label++) {
            predicted[label] = probabilities[label] > THRESHOLD;
        }
        return predicted;
    }

    @Override
    public Map<String, Object> row(TextExample example, float[] prediction) {
        List<String> names = new ArrayList<>();
        Map<String, Float> probabilities = new LinkedHashMap<>();
        for (int label = 0; label < prediction.length; label++) {
            probabilities.put(labelSet.name(label), prediction[label]);
            if (prediction[label] > THRESHOLD) {
                names.add(labelSet.name(label));
            }
        }
        Map<String, Object> row = TextRows.start(example);
        row.put("labels", example.labels());
        row.put("predicted", names);
        row.put("probabilities", probabilities);
        return row;
    }
}
