package dev.changeling.finetuning;

import dev.changeling.task.TextExample;
import java.nio.file.Path;
import java.util.List;

/** The definition of {@link RegressionTask}. */
record RegressionDefinition(TaskFormat format) implements TaskDefinition<TextExample, Double, Double> {

    @Override
    public List<TextExample> read(Path file) {
        return format.texts(file);
    }

    @Override
    public TaskExamples<TextExample, Double, Double> examples(FineTuningPlan plan) {
        TaskFiles.Split<TextExample> split = plan.data().split(this::read);
        split.require(TaskExamples::requireNumber);
        return TaskExamples.of(plan, split, RegressionTask.measures(), this::task);
    }

    @Override
    public RegressionTask taught(TaughtNetwork network, List<TextExample> examples) {
        return task(network.text());
    }

    private RegressionTask task(TextItems text) {
        return new RegressionTask(format.numberName(), text);
    }

    @Override
    public CardWords words() {
        return CardWords.ofPipeline("text-classification", "It says a number of a text, or of a pair of texts.");
    }
}
