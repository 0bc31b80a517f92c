package dev.changeling.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.pretraining.RunStanding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StudyTableTest {
    private static final String DATASET = "0123456789abcdef";

    private StudyPlan plan = new StudyPlan(
            new StudyFile(Path.of("none"), "debug", null, null, Map.of(), List.of(), List.of(), List.of()),
            Path.of("data"),
            Path.of("out"),
            List.of());

    @BeforeEach
    void plan(@TempDir Path folder) throws IOException {
        StudyFile study = StudyFile.read(Files.writeString(folder.resolve("mine.yaml"), """
                config: debug
                settings: {training.steps: 20}
                seeds: [1, 2, 3]
                arms:
                  electra: {variants: electra}
                  bert: {variants: bert, settings: {optimizer.learning_rate: 1e-3}}
                tasks:
                  cats: {task: classification}
                """));
        plan = StudyPlan.of(study, Path.of("data"), Path.of("out"));
    }

    private static RunScores finished(Map<String, Double> heldOut, double score, double seconds) {
        return new RunScores(
                new RunStanding(true, true, 20, 4_000_000, seconds),
                2e12,
                heldOut,
                Map.of("cats", new TaskScore("accuracy", Map.of("accuracy", score, "f1", 0.1))),
                Map.of(),
                "");
    }

    private static RunScores electra(double loss, double score) {
        return finished(Map.of("mlm_loss", loss, "mlm_accuracy", loss / 10, "rtd_auc", 0.75), score, 60 * loss);
    }

    private static RunScores bert() {
        return finished(Map.of("correction_loss", 4.5, "correction_accuracy", 0.25), 0.5, 60);
    }

    private static RunScores begun() {
        return RunScores.unfinished(new RunStanding(true, false, 5, 1000, 7), 1e9);
    }

    @Test
    void showsMediansAndRangesAndWhatIsAbsent() {
        String table = StudyTable.of(new StudyScores(
                plan, DATASET, List.of(electra(3, .6), bert(), electra(1, .7), begun(), electra(2, .9), begun())));

        assertThat(table)
                .startsWith("# mine\n\ndebug: 2 arms × 3 seeds on data set 0123456789ab; 4 of 6 runs finished.\n")
                .contains("For all arms: `training.steps` 20.\n")
                .contains("| bert | bert | `optimizer.learning_rate` 1e-3 |\n")
                .contains("| electra | 3 | 2.000 (1.000 – 3.000) | 20.0 (10.0 – 30.0) | – | – |"
                        + " 0.750 | – | – | – |\n")
                .contains("| bert | 1 | – | – | – | – | – | – | 4.500 | 25.0 |\n")
                .contains("| arm | runs | cats, accuracy |\n")
                .contains("| electra | 3 | 0.700 (0.600 – 0.900) |\n")
                .contains("| electra | 3 | 20 | 4.00 | 2.00 | 2.0 (1.0 – 3.0) |\n")
                .doesNotContain("Ended too early");
    }

    @Test
    void tellsWhereANumberComesFromFewerRunsThanTheRowHas() {
        RunScores scored = electra(1, .7);
        RunScores untried = new RunScores(
                scored.standing(), scored.flops(), scored.heldOut(), Map.of(), Map.of(), scored.failure());
        String table = StudyTable.of(new StudyScores(
                plan, DATASET, List.of(electra(3, .6), bert(), untried, bert(), electra(2, .9), bert())));

        assertThat(table)
                .contains("| electra | 3 | 0.750 (0.600 – 0.900) of 2 |\n")
                .contains("| electra | 3 | 2.000 (1.000 – 3.000) | 20.0")
                .contains("| bert | 3 | 0.500 |\n");
    }

    @Test
    void isThereBeforeAnyRunIs() {
        List<RunScores> none = new ArrayList<>();
        plan.runs().forEach(run -> none.add(RunScores.unfinished(new RunStanding(false, false, 0, 0, 0), 0)));

        assertThat(StudyTable.of(new StudyScores(plan, DATASET, none)))
                .contains("0 of 6 runs finished", "| electra | 0 | – | – | – | – | – | – |\n");
    }

    @Test
    void namesRunsThatEndedTooEarly() {
        StudyScores scores = new StudyScores(
                plan,
                DATASET,
                List.of(
                        begun(),
                        begun(),
                        begun(),
                        begun().withFailure("the loss is NaN"),
                        bert().withTaskFailure("cats", "a gradient is NaN"),
                        RunScores.unfinished(new RunStanding(false, false, 0, 0, 0), 0)
                                .withFailure("starts from nothing")));

        assertThat(StudyTable.of(scores))
                .endsWith("## Ended too early\n\n- bert, seed 2: the loss is NaN; to try again, delete "
                        + Path.of("runs/bert/seed-2")
                        + "\n- electra, seed 3, cats: a gradient is NaN; to try again, delete "
                        + Path.of("tasks/electra/seed-3/cats")
                        + "\n- bert, seed 3: starts from nothing\n");
        assertThat(scores.isComplete()).isFalse();
    }

    @Test
    void givesTheSameAsJson() {
        StudyScores scores = new StudyScores(
                plan, DATASET, List.of(electra(3, .6), bert(), electra(1, .7), begun(), electra(2, .9), begun()));

        JsonNode json = JsonMapper.shared().readTree(StudyResults.json(scores));
        assertThat(json.at("/complete").asBoolean()).isFalse();
        assertThat(json.at("/arms/0/name").asString()).isEqualTo("electra");
        assertThat(json.at("/arms/0/scores/mlm_loss/median").asDouble()).isEqualTo(2);
        assertThat(json.at("/arms/0/scores/mlm_loss/most").asDouble()).isEqualTo(3);
        assertThat(json.at("/arms/0/scores/mlm_loss/count").asInt()).isEqualTo(3);
        assertThat(json.at("/arms/0/scores/task.cats/median").asDouble()).isEqualTo(.7);
        assertThat(json.at("/arms/0/scores/useful_flops/median").asDouble()).isEqualTo(2e12);
        assertThat(json.at("/arms/1/scores").has("mlm_loss")).isFalse();
        assertThat(json.at("/arms/1/runs/1/finished").asBoolean()).isFalse();
        assertThat(json.at("/arms/1/runs/1/step").asInt()).isEqualTo(5);
        assertThat(json.at("/arms/0/runs/0/tasks/cats/values/f1").asDouble()).isEqualTo(.1);
    }
}
