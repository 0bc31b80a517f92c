package dev.changeling.finetuning;

import dev.changeling.error.UsageException;
import dev.changeling.task.TextExample;
import java.nio.file.Path;
import java.util.List;

/** The definition of {@link SimilarityTask}. */
record SimilarityDefinition(TaskFormat format) implements TaskDefinition<TextExample, Double, VectorPair> {

    @Override
    public List<TextExample> read(Path file) {
        return format.texts(file);
    }

    @Override
    public TaskExamples<TextExample, Double, VectorPair> examples(FineTuningPlan plan) {
        if (!format.isPaired()) {
            throw new UsageException("a label says how alike two texts are; expected two text columns");
        }
        TaskFiles.Split<TextExample> split = plan.data().split(this::read);
        split.require(TaskExamples::requireNumber);
        return TaskExamples.of(plan, split, SimilarityTask.measures(), text -> SimilarityTask.of(split.all(), text));
    }

    @Override
    public SimilarityTask taught(TaughtNetwork network, List<TextExample> examples) {
        EmbeddingDefinition.requirePairs(format);
        return SimilarityTask.of(examples, network.text());
    }

    @Override
    public CardWords words() {
        return EmbeddingDefinition.WORDS;
    }
}
