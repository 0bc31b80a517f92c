package dev.changeling.finetuning;

import dev.changeling.batch.SequenceBuilder;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskFolder.FineTuned;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.SequenceOutputs;
import dev.changeling.task.Labels;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The scores of a fine-tuned network on labelled examples that it was neither trained on nor chosen by. */
public final class TaskTest {
    private TaskTest() {}

    /**
     * What came out.
     *
     * @param examples that were scored on
     * @param scores what the network got
     * @param noneThreshold with which it said that there is no answer; null for one that never does
     */
    public record Report(
            int examples, TaskScores scores, @Nullable Double noneThreshold) {}

    /**
     * Scores the network in a folder.
     *
     * @param file the examples; the network's kind is that of its format
     * @param noneThreshold by how much there being no answer must be the likelier, to be said; null for what was not
     *     asked for, which is 0
     * @throws InputException if the network or the examples can't be used, or a label is none of the network's
     * @throws UsageException if the network has no use for a threshold, or the examples are none of its kind
     * @throws IOException if a file can't be read
     */
    public static Report run(Path model, TaskFormat format, Path file, Engine engine, @Nullable Double noneThreshold)
            throws IOException {
        try (FineTuned network = TaskFolder.read(model, engine)) {
            requireUse(noneThreshold, network, model);
            Tokenizer tokenizer = network.pretrained().tokenizer();
            SequenceBuilder sequences = network.pretrained().sequences();
            TextItems text = new TextItems(tokenizer, sequences);
            return switch (network.kind()) {
                case CLASSIFICATION -> {
                    Labels labels = labels(network, model);
                    yield score(
                            new ClassificationTask(labels, ClassificationTask.evenWeights(labels), text),
                            format.texts(file),
                            network,
                            file);
                }
                case MULTI_LABEL ->
                    score(new MultiLabelTask(labels(network, model), text), format.texts(file), network, file);
                case REGRESSION ->
                    score(new RegressionTask(format.numberName(), text), format.texts(file), network, file);
                case TAGGING ->
                    score(
                            new TaggingTask(
                                    labels(network, model), format.conll().scheme(), tokenizer, sequences),
                            format.sentences(file),
                            network,
                            file);
                case ANSWERS ->
                    score(
                            new AnswerTask(
                                    tokenizer,
                                    sequences,
                                    network.mayBeNone(),
                                    noneThreshold == null ? 0 : noneThreshold),
                            format.questions(file),
                            network,
                            file);
                case EMBEDDING -> {
                    if (!format.isPaired()) {
                        throw new UsageException("one text column; expected two: vectors are scored by pairs of texts");
                    }
                    List<TextExample> pairs = format.texts(file);
                    yield format.columns().label() == null
                            ? score(new EmbeddingTask(1, true, text), pairs, network, file)
                            : score(SimilarityTask.of(pairs, text), pairs, network, file);
                }
            };
        }
    }

    private static void requireUse(@Nullable Double noneThreshold, FineTuned network, Path model) {
        if (noneThreshold == null) {
            return;
        }
        if (network.kind() != TaskKind.ANSWERS) {
            throw new UsageException(
                    "--none-threshold: " + model + " is for " + network.kind().title() + ", not for answers");
        }
        if (!network.mayBeNone()) {
            throw new UsageException("--none-threshold: " + model + " has not learnt that there may be no answer");
        }
    }

    private static Labels labels(FineTuned network, Path model) {
        List<String> names = network.labels();
        if (Set.copyOf(names).size() < names.size()) {
            throw new InputException(model + ": two labels of one name; examples can't say which they mean");
        }
        return new Labels(names);
    }

    private static <X, T, P> Report score(Task<X, T, P> task, List<X> examples, FineTuned network, Path file) {
        if (examples.isEmpty()) {
            throw new InputException(file + ": no examples in it; expected some to score on");
        }
        SequenceOutputs outputs = SequenceOutputs.of(
                network.pretrained().model(), network.pretrained().padding());
        List<P> predictions = Predictions.of(task, examples, outputs::of, output -> {});
        Double noneThreshold =
                task instanceof AnswerTask answers && answers.mayBeNone() ? answers.noneThreshold() : null;
        return new Report(examples.size(), task.scores(examples, predictions), noneThreshold);
    }
}
