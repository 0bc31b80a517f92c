package dev.changeling.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.Setting;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyFileTest {
    private static final String WHOLE = """
            config: debug
            data: shards
            out: made
            settings: {training.steps: 20, schedule: {warmup_steps: 2}}
            seeds: [1, 2, 3]
            arms:
              electra: {variants: electra}
              masked: {variants: [electra, electra-15], settings: {objective.rtd_weight: 10}}
              plain:
            tasks:
              cats: {task: classification, train: ../cats.tsv, text-columns: [one, two], balanced: true}
            """;

    @TempDir
    private Path folder;

    private StudyFile read(String text) throws IOException {
        return StudyFile.read(Files.writeString(folder.resolve("study.yaml"), text));
    }

    private StudyPlan plan(String text) throws IOException {
        return StudyPlan.of(read(text), folder.resolve("data"), folder.resolve("out"));
    }

    private void assertRefused(String text, String message) {
        assertThatThrownBy(() -> plan(text))
                .isExactlyInstanceOf(InputException.class)
                .message()
                .startsWith(folder.resolve("study.yaml") + ":")
                .contains(message)
                .hasLineCount(1);
    }

    @Test
    void readsWhatIsWritten() throws IOException {
        StudyFile study = read(WHOLE);

        assertThat(study.config()).isEqualTo("debug");
        assertThat(study.data()).isEqualTo(folder.resolve("shards"));
        assertThat(study.out()).isEqualTo(folder.resolve("made"));
        assertThat(study.seeds()).extracting(Setting::text).containsExactly("1", "2", "3");
        assertThat(study.settings().keySet()).containsExactly("training.steps", "schedule.warmup_steps");
        assertThat(study.arms()).extracting(StudyArm::name).containsExactly("electra", "masked", "plain");
        assertThat(study.arms())
                .extracting(StudyArm::variants)
                .containsExactly(List.of("electra"), List.of("electra", "electra-15"), List.of());
        assertThat(study.tasks()).singleElement().satisfies(task -> {
            assertThat(task.options())
                    .extracting(StudyTask.Option::name)
                    .containsExactly("task", "train", "text-columns", "balanced");
            assertThat(task.options())
                    .extracting(StudyTask.Option::text)
                    .containsExactly(
                            "classification", folder.resolveSibling("cats.tsv").toString(), "one,two", "true");
        });
    }

    @Test
    void anArmStartsFromNetworksOfTheSameSeed() throws IOException {
        StudyPlan plan = plan(WHOLE.replace("  plain:\n", "  plain: {init_from: [masked/generator]}\n"));

        assertThat(plan.runs().get(5).initFrom())
                .containsExactly(folder.resolve("out/runs/masked/seed-2/model/generator"));
        assertThat(plan.runs().get(4).initFrom()).isEmpty();
        assertRefused(
                WHOLE.replace("  plain:\n", "  plain: {init_from: masked/encoder}\n"),
                "arms.plain.init_from has 'masked/encoder', expected networks of arms before it: electra/generator, ");
        assertRefused(
                WHOLE.replace("electra: {variants: electra}", "electra: {init_from: plain/generator}"),
                "expected networks of arms before it, of which there are none");
    }

    @Test
    void plansEveryArmWithASeedBeforeTheNextSeed() throws IOException {
        StudyPlan plan = plan(WHOLE);

        assertThat(plan.runs())
                .extracting(PlannedRun::label)
                .startsWith("electra, seed 1", "masked, seed 1", "plain, seed 1", "electra, seed 2")
                .hasSize(9);
        PlannedRun masked = plan.runs().get(4);
        assertThat(masked.folder()).isEqualTo(folder.resolve("out/runs/masked/seed-2"));
        assertThat(masked.config().training().seed()).isEqualTo(2);
        assertThat(masked.config().training().steps()).isEqualTo(20);
        assertThat(masked.config().schedule().warmupSteps()).isEqualTo(2);
        assertThat(masked.config().objective().rtdWeight()).isEqualTo(10);
        assertThat(masked.config().objective().rtdPositions()).isEqualTo(ObjectiveConfig.Positions.MASKED);
        assertThat(plan.runs().get(3).config().objective().rtdWeight()).isEqualTo(50);
        assertThat(plan.folder(masked, plan.study().tasks().get(0)))
                .isEqualTo(folder.resolve("out/tasks/masked/seed-2/cats"));
    }

    @Test
    void takesAConfigurationFileBesideTheStudy() throws IOException {
        Files.writeString(folder.resolve("mine.yaml"), "preset: debug\ntraining:\n  steps: 33\n");

        assertThat(plan("config: mine.yaml\nseeds: [7]\narms: {a: }\n")
                        .runs()
                        .get(0)
                        .steps())
                .isEqualTo(33);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "config: debug | config: tyni | :1:9: config is 'tyni', expected a preset (debug, tiny,",
                "config: debug | config: | :1:8: config is empty, expected a value",
                "config: debug | cofnig: debug | :1:1: unknown key cofnig, expected one of config, data, out,",
                "config: debug | data2: a | :1:1: unknown key data2",
                "data: shards | data: [a] | :2:7: data is a list, expected a value",
                "data: shards | config: debug | :2:1: config is written twice",
                "seeds: [1, 2, 3] | seeds: [] | :5:8: seeds is empty, expected a list of whole numbers",
                "seeds: [1, 2, 3] | seeds: [1, one] | :5:12: seeds has 'one', expected whole numbers from 0",
                "seeds: [1, 2, 3] | seeds: [1, 2, 1] | :5:15: seeds has 1 twice",
                "seeds: [1, 2, 3] | \"\" | missing key seeds",
                "electra: {variants: electra} | electra: {variants: elektra} | :7:23: arms.electra.variants has 'elektra', expected some of electra, ",
                "electra: {variants: electra} | electra: {variant: electra} | :7:13: unknown key arms.electra.variant, expected one of variants, settings",
                "electra: {variants: electra} | electra: yes please | :7:12: arms.electra is 'yes please', expected a section of keys",
                "electra: {variants: electra} | Masked: {variants: electra} | :8:3: a second arm masked",
                "electra: {variants: electra} | a/b: {variants: electra} | :7:3: arm 'a/b' has no name for a folder",
                "training.steps: 20 | training.stesp: 20 | :4:28: unknown key training.stesp; did you mean training.steps?",
                "training.steps: 20 | training.steps: many | :4:28: training.steps is 'many', expected an integer",
                "training.steps: 20 | training.steps: [20] | :4:28: training.steps is a list, expected a single value",
                "training.steps: 20 | training.seed: 20 | :4:27: training.seed is what seeds is for",
                "training.steps: 20 | schedule.warmup_steps: 20 | :4:50: schedule.warmup_steps is written twice",
                "objective.rtd_weight: 10 | objective.rtd_weight: -1 | :8:78: objective.rtd_weight is -1",
                "objective.rtd_weight: 10 | training.seed: 1 | training.seed is what seeds is for",
                "objective.rtd_weight: 10 | model.discriminator.hidden_size: 63 | model.discriminator",
                "objective.rtd_weight: 10 | evaluation.rows: 3 | arm masked: evaluation.rows is 3, expected 16 as in arm electra",
                "balanced: true | balanced: {} | tasks.cats.balanced is a section, expected a value",
                "balanced: true | balanced: [] | tasks.cats.balanced is empty, expected a value",
                "seeds: [1, 2, 3] | seeds: [1, 2 | not YAML: "
            })
    void tellsWhereAMistakeIs(String right, String wrong, String message) {
        assertThat(WHOLE).contains(right);
        assertRefused(WHOLE.replace(right, wrong == null ? "" : wrong), message);
    }

    @Test
    void needsArms() {
        assertRefused("config: debug\nseeds: [1]\n", "missing key arms");
        assertRefused("config: debug\nseeds: [1]\narms:\n", ":3:1: arms is empty, expected some");
        assertRefused("- config\n", ":1:1: expected 'key: value' lines");
        assertRefused("config: debug\nseeds: [1]\narms: {a: }\n---\nmore: 1\n", "a second YAML document");
    }

    @Test
    void refusesWhatIsNoFileOfText() throws IOException {
        assertThatThrownBy(() -> StudyFile.read(folder.resolve("absent.yaml")))
                .hasMessage(folder.resolve("absent.yaml") + ": no such file; expected a study, a YAML file");
        Files.write(folder.resolve("bytes.yaml"), "config: é".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> StudyFile.read(folder.resolve("bytes.yaml"))).hasMessageContaining("not UTF-8");
        Files.writeString(folder.resolve("empty.yaml"), "");
        assertThatThrownBy(() -> StudyFile.read(folder.resolve("empty.yaml")))
                .hasMessage(folder.resolve("empty.yaml") + ": expected 'key: value' lines of a study");
    }
}
