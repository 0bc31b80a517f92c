package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.batch.Sequence;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.SequenceOutputs;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.task.Labels;
import dev.changeling.task.Question;
import dev.changeling.task.TagScheme;
import dev.changeling.task.TaggedSentence;
import dev.changeling.task.TextExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The loss of a step beside one that is computed here from the network's outputs, one item after another. Five items
 * are one device batch, twenty are three.
 */
class LossTest {
    private TinyTasks tiny;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        tiny = new TinyTasks(folder);
    }

    @AfterEach
    void end() {
        tiny.close();
    }

    /** What an item adds to the loss, and to what it is divided by. */
    private record Part(double loss, double weight) {}

    private interface ByHand<X, T> {
        Part part(X example, Item<T> item, List<float[]> outputs);
    }

    private static <X, T> void compare(
            Task<X, T, ?> task, StandaloneModel<TaskNetwork> model, List<X> examples, ByHand<X, T> byHand) {
        List<Item<T>> items = new ArrayList<>();
        double loss = 0;
        double weight = 0;
        SequenceOutputs outputs = SequenceOutputs.of(model, 0);
        for (X example : examples) {
            for (Item<T> item : task.items(example)) {
                List<float[]> alone = new ArrayList<>();
                for (Sequence sequence : item.sequences()) {
                    alone.addAll(outputs.ofBatch(List.of(sequence)));
                }
                Part part = byHand.part(example, item, alone);
                loss += part.loss();
                weight += part.weight();
                items.add(item);
            }
        }
        assertThat(items.stream().map(Item::length).distinct()).hasSizeGreaterThan(1);
        try (FineTuner<X, T, ?> tuner = new FineTuner<>(task, model, TinyTasks.ONE_STEP, 0, 4)) {
            assertThat(tuner.step(0, items)).isCloseTo(loss / weight, within(2e-5 * Math.max(1, loss / weight)));
        }
    }

    private static double crossEntropy(float[] logits, int from, int to, int target) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.exp(logits[i]);
        }
        return Math.log(sum) - logits[from + target];
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20})
    void ofClassesIsTheirCrossEntropyByTheirWeights(int count) {
        List<TextExample> examples = TinyTasks.texts(
                count, 1, words -> List.of(words.size() > 9 ? "long" : words.size() > 5 ? "some" : "few"));
        Labels labels = new Labels(List.of("few", "long", "some"));
        float[] weights = {0.5f, 3, 1.25f};
        ClassificationTask task = new ClassificationTask(labels, weights, tiny.text());
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.CLASSIFICATION, 3, 2)) {
            compare(task, model, examples, (example, item, outputs) -> {
                int label = labels.names().indexOf(example.labels().get(0));
                return new Part(weights[label] * crossEntropy(outputs.get(0), 0, 3, label), weights[label]);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20})
    void ofSeveralLabelsIsTheMeanOfTheirBinaryCrossEntropies(int count) {
        List<String> names = List.of("mat", "on", "the");
        List<TextExample> examples = TinyTasks.texts(
                count, 1, words -> names.stream().filter(words::contains).toList());
        MultiLabelTask task = new MultiLabelTask(new Labels(names), tiny.text());
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.MULTI_LABEL, 3, 2)) {
            compare(task, model, examples, (example, item, outputs) -> {
                double sum = 0;
                for (int label = 0; label < 3; label++) {
                    double probability = 1 / (1 + Math.exp(-outputs.get(0)[label]));
                    sum -= Math.log(example.labels().contains(names.get(label)) ? probability : 1 - probability);
                }
                return new Part(sum / 3, 1);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20})
    void ofNumbersIsTheMeanSquaredError(int count) {
        List<TextExample> examples = TinyTasks.texts(count, 1, words -> List.of("" + 0.5 * words.size()));
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.REGRESSION, 1, 2)) {
            compare(new RegressionTask("size", tiny.text()), model, examples, (example, item, outputs) -> {
                double error =
                        outputs.get(0)[0] - Double.parseDouble(example.labels().get(0));
                return new Part(error * error, 1);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20})
    void ofTagsIsTheMeanOverWordsWhateverTheirPieces(int count) {
        List<TaggedSentence> examples = new ArrayList<>(TinyTasks.spans(count, 1));
        examples.add(new TaggedSentence("train.conll", 99, List.of("\u0001", "cat"), List.of("O", "B-x")));
        Labels labels = new Labels(List.of("B-x", "I-x", "O"));
        TaggingTask task = new TaggingTask(labels, TagScheme.SPANS, tiny.tokenizer(), tiny.sequences());
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.TAGGING, 3, 2)) {
            compare(task, model, examples, (example, item, outputs) -> {
                double sum = 0;
                int[] tokens = item.target().words().tokens();
                int judged = 0;
                for (int word = 0; word < tokens.length; word++) {
                    String tag = example.tags().get(item.target().words().firstWord() + word);
                    if (tokens[word] >= 0) {
                        sum += crossEntropy(
                                outputs.get(0),
                                3 * tokens[word],
                                3 * tokens[word] + 3,
                                labels.names().indexOf(tag));
                        judged++;
                    }
                }
                return new Part(sum, judged);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20})
    void ofAnswersIsTheMeanOfThoseOfTheirEnds(int count) {
        List<Question> examples = TinyTasks.questions(count, 1);
        AnswerTask task = new AnswerTask(tiny.tokenizer(), tiny.sequences(), true);
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.ANSWERS, 0, 2)) {
            compare(task, model, examples, (example, item, outputs) -> {
                int length = item.length();
                float[] begins = new float[length];
                float[] ends = new float[length];
                for (int token = 0; token < length; token++) {
                    begins[token] = outputs.get(0)[2 * token];
                    ends[token] = outputs.get(0)[2 * token + 1];
                }
                int place = 0;
                int[] tokens = item.sequences().get(0).tokens();
                for (int token = item.target().window().firstToken(); token < length; token++) {
                    place = tokens[token] == 7 ? token : place; // the cat
                }
                return new Part((crossEntropy(begins, 0, length, place) + crossEntropy(ends, 0, length, place)) / 2, 1);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20})
    void ofPairsIsHowSurelyAFirstTextFindsItsSecondInTheBatch(int count) {
        List<TextExample> texts = TinyTasks.texts(2 * count, 1, words -> List.of());
        List<TextExample> examples = IntStream.range(0, count)
                .mapToObj(i -> new TextExample(
                        "pairs.tsv",
                        i,
                        texts.get(i).first(),
                        texts.get(count + i).first(),
                        List.of()))
                .toList();
        EmbeddingTask task = new EmbeddingTask(0.1, true, tiny.text());
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.EMBEDDING, 0, 2)) {
            List<float[]> seconds = texts.subList(count, 2 * count).stream()
                    .map(text -> SequenceOutputs.of(model, 0)
                            .ofBatch(List.of(tiny.text().of(text)))
                            .get(0))
                    .toList();
            compare(task, model, examples, (example, item, outputs) -> {
                float[] cosines = new float[count];
                for (int i = 0; i < count; i++) {
                    cosines[i] = (float) (cosine(outputs.get(0), seconds.get(i)) / 0.1);
                }
                return new Part(crossEntropy(cosines, 0, count, examples.indexOf(example)), 1);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20})
    void ofGradedPairsIsTheSquaredErrorOfTheCosine(int count) {
        List<TextExample> texts = TinyTasks.texts(2 * count, 1, words -> List.of());
        List<TextExample> examples = IntStream.range(0, count)
                .mapToObj(i -> new TextExample(
                        "pairs.tsv",
                        i,
                        texts.get(i).first(),
                        texts.get(count + i).first(),
                        List.of("" + (1 + i % 5))))
                .toList();
        SimilarityTask task = SimilarityTask.of(examples, tiny.text());
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.EMBEDDING, 0, 2)) {
            compare(task, model, examples, (example, item, outputs) -> {
                double grade = (Double.parseDouble(example.labels().get(0)) - 1) / 4; // from 1 to 5
                double error = cosine(outputs.get(0), outputs.get(1)) - grade;
                return new Part(error * error, 1);
            });
        }
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            first += a[i] * a[i];
            second += b[i] * b[i];
        }
        return product / Math.sqrt(first) / Math.sqrt(second);
    }
}
