package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.hub.TaskKind;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.task.Labels;
import dev.changeling.task.TextExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which weights are taken, on a task whose scores are written beforehand. */
class SeedTrainingTest {
    private static final Labels LABELS = new Labels(List.of("no", "yes"));

    private final List<float[]> weightsAtScore = new ArrayList<>();
    private final List<Integer> scoredEpochs = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();

    private TinyTasks tiny;
    private StandaloneModel<TaskNetwork> model;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        tiny = new TinyTasks(folder);
        model = TinyTasks.network(TaskKind.CLASSIFICATION, 2, 1);
    }

    @AfterEach
    void end() {
        model.close();
        tiny.close();
    }

    private SeedTraining.Outcome<float[]> run(int epochs, int patience, Double... script) {
        ClassificationTask cats = new ClassificationTask(LABELS, ClassificationTask.evenWeights(LABELS), tiny.text());
        Watched task =
                new Watched(cats, new ArrayList<>(), Arrays.asList(script).iterator());
        List<TextExample> dev = TinyTasks.cats(4, 9);
        List<Item<Integer>> items = TinyTasks.cats(20, 3).stream()
                .flatMap(example -> task.items(example).stream())
                .toList();
        FineTuningObserver observer = new FineTuningObserver() {
            @Override
            public void step(long seed, int step, double loss) {
                losses.add(loss);
                assertThat(step).isEqualTo(losses.size());
            }

            @Override
            public void scored(long seed, int epoch, TaskScores scores) {
                assertThat(seed).isEqualTo(8);
                scoredEpochs.add(epoch);
                weightsAtScore.add(TinyTasks.weights(model));
            }
        };
        FineTuningSettings settings = TinyTasks.settings(epochs, 10, 1e-3, 0.1, patience);
        return new SeedTraining<>(task, settings, items, dev, 0, UnaryOperator.identity(), observer).run(model, 8);
    }

    @Test
    void trainingThatGoesThroughIsScoredOnceAndTakesTheLastWeights() {
        SeedTraining.Outcome<float[]> outcome = run(3, 0, 0.4);
        assertThat(scoredEpochs).containsExactly(3);
        assertThat(outcome.result().epoch()).isEqualTo(3);
        assertThat(outcome.result().scores().value()).isEqualTo(0.4);
        assertThat(outcome.predictions()).hasSize(4);
        assertThat(TinyTasks.weights(model)).isEqualTo(weightsAtScore.get(0));
    }

    @Test
    void trainingStopsWhenNoScoreIsBetterAndTakesTheBestWeights() {
        SeedTraining.Outcome<float[]> outcome = run(9, 2, 0.2, 0.5, 0.5, 0.4, 0.9);
        assertThat(scoredEpochs).containsExactly(1, 2, 3, 4);
        assertThat(outcome.result().epoch()).isEqualTo(2);
        assertThat(outcome.result().scores().value()).isEqualTo(0.5);
        assertThat(TinyTasks.weights(model)).isEqualTo(weightsAtScore.get(1)).isNotEqualTo(weightsAtScore.get(3));
    }

    @Test
    void aBetterScoreInTimeGoesOn() {
        assertThat(run(6, 2, 0.2, 0.1, 0.3, 0.3, 0.4, 0.1).result().epoch()).isEqualTo(5);
        assertThat(scoredEpochs).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(TinyTasks.weights(model)).isEqualTo(weightsAtScore.get(4));
    }

    @Test
    void theLossOfAnEpochIsTheMeanOfItsSteps() {
        SeedTraining.Outcome<float[]> outcome = run(2, 0, 0.4);
        assertThat(losses).hasSize(4);
        assertThat(outcome.result().losses())
                .containsExactly((losses.get(0) + losses.get(1)) / 2, (losses.get(2) + losses.get(3)) / 2);
    }

    @Test
    void theBestPredictionsAreThoseOfTheBestWeights() {
        List<float[]> predictions = run(3, 1, 0.9, 0.1).predictions();
        ClassificationTask task = new ClassificationTask(LABELS, ClassificationTask.evenWeights(LABELS), tiny.text());
        try (FineTuner<TextExample, Integer, float[]> tuner = new FineTuner<>(task, model, TinyTasks.ONE_STEP, 0, 1)) {
            List<float[]> again = tuner.predict(TinyTasks.cats(4, 9));
            for (int i = 0; i < 4; i++) {
                assertThat(again.get(i)).isEqualTo(predictions.get(i));
            }
        }
    }
}
