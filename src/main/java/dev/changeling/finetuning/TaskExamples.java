package dev.changeling.finetuning;

import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.task.Labels;
import dev.changeling.task.Question;
import dev.changeling.task.TaggedSentence;
import dev.changeling.task.TextExample;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The examples of a task, read and found to be usable, and the task that they set: all that is known before there is a
 * network.
 *
 * @param split examples to learn from and to score on
 * @param metric the measure by which one training is better than another: one of the task's measures, of which higher
 *     is better and which are all among its scores; the first of them if none was asked for
 * @param task makes the task for a network, whose sequences these are
 * @param <X> an example
 * @param <T> a target
 * @param <P> what is predicted of an example
 */
record TaskExamples<X, T, P>(TaskFiles.Split<X> split, String metric, Function<TextItems, Task<X, T, P>> task) {

    /**
     * Reads what a plan says.
     *
     * @throws InputException if a file can't be used, a label can't be learnt or is not known
     * @throws UsageException if the plan asks for what the task has not
     */
    static TaskExamples<?, ?, ?> of(FineTuningPlan plan) {
        TaskFiles data = plan.data();
        return switch (data.format().kind()) {
            case CLASSIFICATION -> {
                TaskFiles.Split<TextExample> split = data.texts();
                Labels labels = severalLabels(Labels.of(split.all()), data.train());
                require(split, example -> requireKnown(labels, example.labels(), example.where()));
                float[] weights = plan.balanced()
                        ? ClassificationTask.balancedWeights(labels, split.train())
                        : ClassificationTask.evenWeights(labels);
                yield new TaskExamples<>(
                        split,
                        metric(plan, ClassificationTask.measures(labels)),
                        text -> new ClassificationTask(labels, weights, text));
            }
            case MULTI_LABEL -> {
                TaskFiles.Split<TextExample> split = data.texts();
                Labels labels = Labels.of(split.all());
                require(split, example -> requireKnown(labels, example.labels(), example.where()));
                yield new TaskExamples<>(
                        split, metric(plan, MultiLabelTask.measures()), text -> new MultiLabelTask(labels, text));
            }
            case REGRESSION -> {
                TaskFiles.Split<TextExample> split = data.texts();
                require(split, TaskExamples::requireNumber);
                yield new TaskExamples<>(
                        split,
                        metric(plan, RegressionTask.measures()),
                        text -> new RegressionTask(data.format().numberName(), text));
            }
            case TAGGING -> {
                TaskFiles.Split<TaggedSentence> split = data.sentences();
                Labels labels = Labels.ofTags(split.all());
                require(split, sentence -> requireKnown(labels, sentence.tags(), sentence.where()));
                yield new TaskExamples<>(
                        split,
                        metric(plan, TaggingTask.measures(data.format().conll().scheme())),
                        text -> new TaggingTask(
                                labels, data.format().conll().scheme(), text.tokenizer(), text.sequences()));
            }
            case ANSWERS -> {
                TaskFiles.Split<Question> split = data.questions();
                boolean mayBeNone = split.all().stream().anyMatch(Question::impossible);
                yield new TaskExamples<>(
                        split,
                        metric(plan, AnswerTask.measures(mayBeNone)),
                        text -> new AnswerTask(text.tokenizer(), text.sequences(), mayBeNone));
            }
            case EMBEDDING -> data.format().columns().label() == null ? contrasted(plan) : graded(plan);
        };
    }

    private static TaskExamples<?, ?, ?> contrasted(FineTuningPlan plan) {
        boolean paired = plan.data().format().isPaired();
        if (!paired && plan.settings().dropout() == 0) {
            throw new UsageException("--dropout 0: a text without a partner is told from itself by dropout alone;"
                    + " expected some, for example 0.1");
        }
        return new TaskExamples<>(
                plan.data().texts(),
                metric(plan, EmbeddingTask.measures(paired)),
                text -> new EmbeddingTask(plan.temperature(), paired, text));
    }

    private static TaskExamples<?, ?, ?> graded(FineTuningPlan plan) {
        if (!plan.data().format().isPaired()) {
            throw new UsageException("a label says how alike two texts are; expected two text columns");
        }
        TaskFiles.Split<TextExample> split = plan.data().texts();
        require(split, TaskExamples::requireNumber);
        return new TaskExamples<>(
                split, metric(plan, SimilarityTask.measures()), text -> SimilarityTask.of(split.all(), text));
    }

    private static Labels severalLabels(Labels labels, Path file) {
        if (labels.size() < 2) {
            throw new InputException(
                    file + ": only one label, \"" + labels.name(0) + "\"; expected two or more to tell apart");
        }
        return labels;
    }

    private static <X> void require(TaskFiles.Split<X> split, Consumer<X> check) {
        Stream.concat(split.train().stream(), split.dev().stream()).forEach(check);
    }

    private static void requireKnown(Labels known, List<String> labels, String where) {
        for (String label : labels) {
            known.id(label, where);
        }
    }

    private static void requireNumber(TextExample example) {
        Labels.number(example.labels().get(0), example.where());
    }

    private static String metric(FineTuningPlan plan, List<String> measures) {
        String metric = plan.metric() == null ? measures.get(0) : plan.metric();
        if (!measures.contains(metric)) {
            throw new UsageException("--metric " + metric + ": decides nothing in this task; expected one of "
                    + String.join(", ", measures));
        }
        return metric;
    }
}
