package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.hub.TaskKind;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.task.Labels;
import dev.changeling.task.TagScheme;
import dev.changeling.task.TextExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small network learns each task, and is scored on examples that it has not seen. */
class LearningTest {
    private static final long SEED = 3;

    private TinyTasks tiny;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        tiny = new TinyTasks(folder);
    }

    @AfterEach
    void end() {
        tiny.close();
    }

    /** Returns the score on the first quarter, after training on the rest. */
    private static <X, T, P> double learnt(Task<X, T, P> task, int epochs, List<X> all) {
        int held = all.size() / 4;
        List<Item<T>> items = all.subList(held, all.size()).stream()
                .flatMap(example -> task.items(example).stream())
                .toList();
        FineTuningSettings settings = TinyTasks.settings(epochs, 16, 3e-3, 0, 0);
        SeedTraining<X, T, P> training = new SeedTraining<>(
                task, settings, items, all.subList(0, held), 0, UnaryOperator.identity(), FineTuningObserver.NONE);
        try (StandaloneModel<TaskNetwork> model =
                TinyTasks.network(task.kind(), task.labels().size(), 1)) {
            return training.run(model, SEED).result().scores().value();
        }
    }

    private ClassificationTask classes() {
        Labels labels = new Labels(List.of("no", "yes"));
        return new ClassificationTask(labels, ClassificationTask.evenWeights(labels), tiny.text());
    }

    @Test
    void aClass() {
        assertThat(learnt(classes(), 12, TinyTasks.cats(400, SEED))).isGreaterThan(0.95);
    }

    @Test
    void nothingOfLabelsThatMeanNothing() {
        List<TextExample> all = TinyTasks.texts(400, SEED, words -> List.of());
        List<TextExample> random = IntStream.range(0, all.size())
                .mapToObj(i -> new TextExample(
                        "train.tsv",
                        i + 2,
                        all.get(i).first(),
                        null,
                        List.of(RandomStream.of(SEED, Purpose.SPLIT, i).nextDouble() < 0.5 ? "yes" : "no")))
                .toList();
        assertThat(learnt(classes(), 6, random)).as("seed %d", SEED).isBetween(0.3, 0.7);
    }

    @Test
    void severalLabels() {
        List<String> names = List.of("cat", "mat", "on");
        List<TextExample> all = TinyTasks.texts(
                400, SEED, words -> names.stream().filter(words::contains).toList());
        assertThat(learnt(new MultiLabelTask(new Labels(names), tiny.text()), 15, all))
                .isGreaterThan(0.95);
    }

    @Test
    void aNumber() {
        List<TextExample> all = TinyTasks.texts(400, SEED, words -> List.of("" + words.size()));
        assertThat(learnt(new RegressionTask("size", tiny.text()), 12, all)).isGreaterThan(0.9);
    }

    @Test
    void tags() {
        Labels labels = new Labels(List.of("B-x", "I-x", "O"));
        TaggingTask task = new TaggingTask(labels, TagScheme.SPANS, tiny.tokenizer(), tiny.sequences());
        assertThat(learnt(task, 20, TinyTasks.spans(400, SEED))).isGreaterThan(0.9);
    }

    @Test
    void answersAndThatThereAreNone() {
        AnswerTask task = new AnswerTask(tiny.tokenizer(), tiny.sequences(), true);
        assertThat(learnt(task, 12, TinyTasks.questions(300, SEED))).isGreaterThan(0.9);
    }

    @Test
    void whichTextsBelongTogether() {
        List<String> words = List.of("b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        List<TextExample> pairs = IntStream.range(0, 16 * words.size())
                .mapToObj(i -> new TextExample(
                        "pairs.tsv",
                        i + 2,
                        "the " + words.get(i % words.size()),
                        words.get((i + 4) % words.size()),
                        List.of()))
                .toList();
        EmbeddingTask task = new EmbeddingTask(0.05, true, tiny.text());
        List<TextExample> dev = pairs.subList(0, words.size());
        FineTuningSettings settings = TinyTasks.settings(10, 16, 3e-3, 0, 0);
        List<Item<Boolean>> items =
                pairs.stream().flatMap(example -> task.items(example).stream()).toList();
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.EMBEDDING, 0, 1);
                FineTuner<TextExample, Boolean, VectorPair> tuner = new FineTuner<>(task, model, settings, 0, SEED)) {
            assertThat(task.scores(dev, tuner.predict(dev)).value()).isLessThan(0.6);
            for (int step = 0; step < 10 * tuner.stepsAnEpoch(items.size()); step++) {
                tuner.step(step, items);
            }
            assertThat(task.scores(dev, tuner.predict(dev)).value()).isGreaterThan(0.95);
        }
    }
}
