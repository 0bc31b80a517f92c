package dev.changeling.finetuning;

import dev.changeling.error.InputException;
import dev.changeling.task.Labels;
import dev.changeling.task.TextExample;
import java.nio.file.Path;
import java.util.List;

/** The definition of {@link ClassificationTask}. */
record ClassificationDefinition(TaskFormat format) implements TaskDefinition<TextExample, Integer, float[]> {

    @Override
    public List<TextExample> read(Path file) {
        return format.texts(file);
    }

    @Override
    public TaskExamples<TextExample, Integer, float[]> examples(FineTuningPlan plan) {
        TaskFiles.Split<TextExample> split = plan.data().split(this::read);
        Labels labels = Labels.of(split.all());
        if (labels.size() < 2) {
            throw new InputException(plan.data().train() + ": only one label, \"" + labels.name(0)
                    + "\"; expected two or more to tell apart");
        }
        split.require(example -> TaskExamples.requireKnown(labels, example.labels(), example.where()));
        float[] weights = plan.balanced()
                ? ClassificationTask.balancedWeights(labels, split.train())
                : ClassificationTask.evenWeights(labels);
        return TaskExamples.of(
                plan,
                split,
                ClassificationTask.measures(labels),
                text -> new ClassificationTask(labels, weights, text));
    }

    @Override
    public ClassificationTask taught(TaughtNetwork network, List<TextExample> examples) {
        return new ClassificationTask(
                network.labels(), ClassificationTask.evenWeights(network.labels()), network.text());
    }

    @Override
    public CardWords words() {
        return CardWords.ofPipeline(
                "text-classification", "It says which of its labels a text, or a pair of texts, has.");
    }
}
