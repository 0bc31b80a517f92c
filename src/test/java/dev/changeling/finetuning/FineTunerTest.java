package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestConfigs;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.task.Labels;
import dev.changeling.task.TagScheme;
import dev.changeling.task.TaggedSentence;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import dev.changeling.training.NonFiniteException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTunerTest {
    private static final Labels CAT = new Labels(List.of("no", "yes"));

    private TinyTasks tiny;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        tiny = new TinyTasks(folder);
    }

    @AfterEach
    void end() {
        tiny.close();
    }

    private ClassificationTask cats() {
        return new ClassificationTask(CAT, ClassificationTask.evenWeights(CAT), tiny.text());
    }

    private static <X, T> List<Item<T>> items(Task<X, T, ?> task, List<X> examples) {
        return examples.stream()
                .flatMap(example -> task.items(example).stream())
                .toList();
    }

    /** Returns the weights after six steps with dropout, on two threads. */
    private float[] trained(long seed) {
        Engine engine = TestConfigs.engine(2);
        List<Item<Integer>> items = items(cats(), TinyTasks.cats(50, 3));
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(engine, TaskKind.CLASSIFICATION, 2, 1);
                FineTuner<TextExample, Integer, float[]> tuner =
                        new FineTuner<>(cats(), model, TinyTasks.settings(2, 20, 1e-3, 0.1, 0), 0, seed)) {
            for (int step = 0; step < 6; step++) {
                tuner.step(step, items);
            }
            return TinyTasks.weights(model);
        }
    }

    @Test
    void aTrainingIsAFunctionOfItsSeed() {
        float[] weights = trained(5);
        assertThat(trained(5)).isEqualTo(weights);
        assertThat(trained(6)).isNotEqualTo(weights);
    }

    @Test
    void anEpochShowsEveryItemOnce() {
        List<Item<Integer>> shown = new ArrayList<>();
        Watched task = new Watched(cats(), shown);
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.CLASSIFICATION, 2, 1);
                FineTuner<TextExample, Integer, float[]> tuner =
                        new FineTuner<>(task, model, TinyTasks.settings(2, 10, 1e-3, 0, 0), 0, 1)) {
            List<Item<Integer>> items = items(task, TinyTasks.cats(23, 3));
            assertThat(tuner.stepsAnEpoch(items.size())).isEqualTo(3);
            List<Item<Integer>> first = epoch(tuner, 0, items, shown);
            assertThat(first).containsExactlyInAnyOrderElementsOf(items);
            assertThat(epoch(tuner, 3, items, shown))
                    .containsExactlyInAnyOrderElementsOf(items)
                    .isNotEqualTo(first);
        }
    }

    private static List<Item<Integer>> epoch(
            FineTuner<TextExample, Integer, float[]> tuner,
            int firstStep,
            List<Item<Integer>> items,
            List<Item<Integer>> shown) {
        shown.clear();
        List<Integer> sizes = new ArrayList<>();
        for (int step = firstStep; step < firstStep + 3; step++) {
            int before = shown.size();
            tuner.step(step, items);
            sizes.add(shown.size() - before);
        }
        assertThat(sizes).containsExactly(10, 10, 3);
        return List.copyOf(shown);
    }

    @Test
    void classesThatCountTheSameAreWeighedByHowRareTheyAre() {
        List<TextExample> examples = TinyTasks.cats(100, 3);
        long yes = examples.stream()
                .filter(example -> example.labels().contains("yes"))
                .count();
        assertThat(ClassificationTask.balancedWeights(CAT, examples))
                .containsExactly(100f / (2 * (100 - yes)), 100f / (2 * yes));
    }

    @Test
    void aBatchThatJudgesNothingLosesNothing() {
        Labels labels = new Labels(List.of("B-x", "O"));
        TaggingTask task = new TaggingTask(labels, TagScheme.SPANS, tiny.tokenizer(), tiny.sequences());
        List<TaggedSentence> nothing = List.of(new TaggedSentence("a", 1, List.of("\u0001"), List.of("O")));
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.TAGGING, 2, 1);
                FineTuner<TaggedSentence, TaggingTask.Target, List<String>> tuner =
                        new FineTuner<>(task, model, TinyTasks.ONE_STEP, 0, 1)) {
            assertThat(tuner.step(0, items(task, nothing))).isZero();
        }
    }

    @Test
    void aStepFromWeightsThatAreTooLargeIsRefusedAndChangesNothing() {
        List<Item<Integer>> items = items(cats(), TinyTasks.cats(10, 3));
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.CLASSIFICATION, 2, 1);
                FineTuner<TextExample, Integer, float[]> tuner =
                        new FineTuner<>(cats(), model, TinyTasks.settings(4, 10, 1e30, 0, 0), 0, 7)) {
            tuner.step(0, items);
            float[] huge = TinyTasks.weights(model);
            assertThatThrownBy(() -> tuner.step(1, items))
                    .isInstanceOf(NonFiniteException.class)
                    .hasMessageContaining("seed 7")
                    .hasMessageContaining("--learning-rate");
            assertThat(TinyTasks.weights(model)).isEqualTo(huge);
        }
    }

    @Test
    void whatTheLastStepHasBrokenPredictsNothing() {
        try (StandaloneModel<TaskNetwork> model = TinyTasks.network(TaskKind.CLASSIFICATION, 2, 1);
                FineTuner<TextExample, Integer, float[]> tuner =
                        new FineTuner<>(cats(), model, TinyTasks.ONE_STEP, 0, 7)) {
            try (Engine.Scope scope = model.engine().scope();
                    NoGradGuard noGrad = new NoGradGuard()) {
                model.parameters().values().fill_(new Scalar(Float.POSITIVE_INFINITY));
            }
            List<TextExample> examples = TinyTasks.cats(10, 3);
            assertThatThrownBy(() -> tuner.predict(examples))
                    .isInstanceOf(NonFiniteException.class)
                    .hasMessageContaining("seed 7")
                    .hasMessageContaining("--learning-rate");
        }
    }
}
