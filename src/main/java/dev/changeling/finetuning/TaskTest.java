package dev.changeling.finetuning;

import dev.changeling.batch.SequenceBuilder;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskFolder.FineTuned;
import dev.changeling.model.SequenceOutputs;
import dev.changeling.task.Labels;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The scores of a fine-tuned network on labelled examples that it was neither trained on nor chosen by. */
public final class TaskTest {
    private TaskTest() {}

    /**
     * What came out.
     *
     * @param examples that were scored on
     * @param scores what the network got
     */
    public record Report(int examples, TaskScores scores) {}

    /**
     * Scores the network in a folder.
     *
     * @param file the examples; the network's kind is that of its format
     * @throws InputException if the network or the examples can't be used, or a label is none of the network's
     * @throws IOException if a file can't be read
     */
    public static Report run(Path model, TaskFormat format, Path file, Engine engine) throws IOException {
        try (FineTuned network = TaskFolder.read(model, engine)) {
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
                            new AnswerTask(tokenizer, sequences, network.mayBeNone()),
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
        return new Report(examples.size(), task.scores(examples, predictions));
    }
}
