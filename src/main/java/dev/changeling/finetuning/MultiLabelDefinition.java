package dev.changeling.finetuning;

import dev.changeling.task.Labels;
import dev.changeling.task.TextExample;
import java.nio.file.Path;
import java.util.List;

/** The definition of {@link MultiLabelTask}. */
record MultiLabelDefinition(TaskFormat format) implements TaskDefinition<TextExample, boolean[], float[]> {

    @Override
    public List<TextExample> read(Path file) {
        return format.texts(file);
    }

    @Override
    public TaskExamples<TextExample, boolean[], float[]> examples(FineTuningPlan plan) {
        TaskFiles.Split<TextExample> split = plan.data().split(this::read);
        Labels labels = Labels.of(split.all());
        split.require(example -> TaskExamples.requireKnown(labels, example.labels(), example.where()));
        return TaskExamples.of(plan, split, MultiLabelTask.measures(), text -> new MultiLabelTask(labels, text));
    }

    @Override
    public MultiLabelTask taught(TaughtNetwork network, List<TextExample> examples) {
        return new MultiLabelTask(network.labels(), network.text());
    }

    @Override
    public CardWords words() {
        return CardWords.ofPipeline(
                "text-classification", "It says which of its labels apply to a text, or to a pair of texts.");
    }
}
