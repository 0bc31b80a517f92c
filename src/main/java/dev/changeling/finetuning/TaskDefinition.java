package dev.changeling.finetuning;

import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import java.nio.file.Path;
import java.util.List;

/**
 * All that is particular to a kind of task but the {@link Task} itself: how its examples are read, which task they set,
 * which task a network was taught, and the words of its model card. Training, scoring and the card ask it.
 *
 * @param <X> an example
 * @param <T> a target
 * @param <P> what is predicted of an example
 */
interface TaskDefinition<X, T, P> {

    /** Returns the definition of the task whose examples stand in files so. */
    static TaskDefinition<?, ?, ?> of(TaskFormat format) {
        return switch (format.kind()) {
            case CLASSIFICATION -> new ClassificationDefinition(format);
            case MULTI_LABEL -> new MultiLabelDefinition(format);
            case REGRESSION -> new RegressionDefinition(format);
            case TAGGING -> new TaggingDefinition(format);
            case ANSWERS -> new AnswerDefinition(format);
            case EMBEDDING ->
                format.columns().label() == null ? new EmbeddingDefinition(format) : new SimilarityDefinition(format);
        };
    }

    /**
     * Reads the examples of a file.
     *
     * @throws InputException if it can't be used
     */
    List<X> read(Path file);

    /**
     * Reads what a plan says, and finds out which task it sets.
     *
     * @throws InputException if a file can't be used, a label can't be learnt or is not known
     * @throws UsageException if the plan asks for what the task has not
     */
    TaskExamples<X, T, P> examples(FineTuningPlan plan);

    /**
     * Returns the task that a network was taught.
     *
     * @param examples that it is scored on
     * @throws UsageException if it can't be scored on examples in this format
     */
    Task<X, T, P> taught(TaughtNetwork network, List<X> examples);

    /** Returns what the model card says of a network that was taught it. */
    CardWords words();
}
