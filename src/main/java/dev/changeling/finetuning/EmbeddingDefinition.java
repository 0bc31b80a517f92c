package dev.changeling.finetuning;

import dev.changeling.error.UsageException;
import dev.changeling.task.TextExample;
import java.nio.file.Path;
import java.util.List;

/** The definition of {@link EmbeddingTask}. */
record EmbeddingDefinition(TaskFormat format) implements TaskDefinition<TextExample, Boolean, VectorPair> {
    /** Of every network that makes vectors. */
    static final CardWords WORDS = new CardWords(
            "sentence-transformers",
            "sentence-similarity",
            "It makes a vector of a text: the more alike two texts are, the larger the cosine.",
            """
            from sentence_transformers import SentenceTransformer

            vectors = SentenceTransformer(".").encode(["your own text"])
            """,
            "embed --model .");

    @Override
    public List<TextExample> read(Path file) {
        return format.texts(file);
    }

    @Override
    public TaskExamples<TextExample, Boolean, VectorPair> examples(FineTuningPlan plan) {
        boolean paired = format.isPaired();
        if (!paired && plan.settings().dropout() == 0) {
            throw new UsageException("--dropout 0: a text without a partner is told from itself by dropout alone;"
                    + " expected some, for example 0.1");
        }
        return TaskExamples.of(
                plan,
                plan.data().split(this::read),
                EmbeddingTask.measures(paired),
                text -> new EmbeddingTask(plan.temperature(), paired, text));
    }

    @Override
    public EmbeddingTask taught(TaughtNetwork network, List<TextExample> examples) {
        requirePairs(format);
        return new EmbeddingTask(1, true, network.text()); // a temperature is of the loss only
    }

    static void requirePairs(TaskFormat format) {
        if (!format.isPaired()) {
            throw new UsageException("one text column; expected two: vectors are scored by pairs of texts");
        }
    }

    @Override
    public CardWords words() {
        return WORDS;
    }
}
