package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.changeling.config.ConfigLoader;
import dev.changeling.pretraining.LittleRuns;
import dev.changeling.study.StudyFile;
import dev.changeling.study.StudyTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StudyCommandTest {
    private static final String STUDY = """
            config: debug
            data: data
            settings:
              training: {steps: 8, threads: 1}
              metrics.tensorboard: false
            seeds: [1, 2]
            arms:
              electra: {variants: [electra]}
              bert: {variants: [bert]}
            tasks:
              cats: {task: classification, train: cats.tsv, dev: cats.tsv, epochs: 1, balanced: true}
            """;

    private static final int PATIENCE = 120;
    private static final int TERMINATED = 143;

    private Path folder = Path.of("");

    @BeforeAll
    void write(@TempDir Path temporary) throws IOException {
        folder = temporary;
        assertThat(new LittleRuns(folder).data).isEqualTo(folder.resolve("data"));
        Files.writeString(
                folder.resolve("cats.tsv"), "text\tlabel\n" + "the old cat\tyes\nthe small dog\tno\n".repeat(5));
        Files.writeString(folder.resolve("one.tsv"), "text\tlabel\n" + "the old cat\tyes\n".repeat(9));
        Files.writeString(folder.resolve("maybe.tsv"), "text\tlabel\nthe old cat\tyes\nthe dog\tmaybe\n");
        Files.writeString(folder.resolve("study.yaml"), STUDY);
    }

    private CommandRun run(String call) {
        return CommandRun.in(folder, call);
    }

    @Test
    void doesTheWholeStudyAndOnTheNextCallNothing() throws IOException {
        CommandRun first = run("study @study.yaml --out @whole");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.err()).contains("[1/4] electra, seed 1: 8 steps", "[4/4] bert, seed 2: cats");
        assertThat(first.out())
                .contains("4 of 4 runs finished.", "| cats, accuracy |", "| bert | 2 | – |")
                .contains("page of the runs of seed 1: " + folder.resolve("whole/report.html"));
        assertThat(folder.resolve("whole/table.md"))
                .content()
                .isEqualTo(first.out().substring(0, first.out().indexOf("\n\ntable and results: ") + 1));
        assertThat(folder.resolve("whole/report.html")).content().startsWith("<!doctype html>");
        assertThat(folder.resolve("whole/tasks/bert/seed-2/cats/model")).isDirectory();

        CommandRun again = run("study @study.yaml --out @whole --json");
        assertThat(again.code()).isZero();
        assertThat(again.err()).isEmpty();
        assertThat(again.out()).isEqualTo(Files.readString(folder.resolve("whole/results.json")));
        JsonNode results = JsonMapper.shared().readTree(again.out());
        assertThat(results.at("/complete").asBoolean()).isTrue();
        assertThat(results.at("/arms/0/scores/rtd_auc/count").asInt()).isEqualTo(2);

        CommandRun plan = run("study @study.yaml --out @whole --dry-run");
        assertThat(plan.out().lines().filter(line -> line.endsWith("finished"))).hasSize(4);
        assertThat(plan.out()).contains("0 of 4 are to do", "Training left: about 0 s, by the steps that were done");
    }

    @Test
    void aDryRunTellsThePlanAndMakesNothing() {
        CommandRun plan = run("study @study.yaml --out @never --dry-run");

        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.out())
                .contains("2 arms × 2 seeds on " + folder.resolve("data"))
                .containsPattern("   1  electra, seed 1 +8 steps +[0-9.]+ TFLOP  to do +about ")
                .contains("Each run is fine-tuned on cats: 4 of 4 are to do.")
                .contains("by a trial of the arm electra");
        assertThat(folder.resolve("never")).doesNotExist();

        JsonNode json = JsonMapper.shared()
                .readTree(run("study @study.yaml --out @never --dry-run --json").out());
        assertThat(json.at("/runs/3/arm").asString()).isEqualTo("bert");
        assertThat(json.at("/runs/3/seconds_left").asDouble()).isPositive();
        assertThat(json.at("/tasks_left").asInt()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task: classification   | task: classify     | :11:16: tasks.cats: Invalid value for option '--task'",
                "task: classification,  | x: 1,              | :11:13: tasks.cats: unknown key x, expected one of balanced, batch-size, ",
                "task: classification,  | json: true,        | :11:16: tasks.cats: unknown key json, expected one of",
                "task: classification,  | balanced: false,   | :11:70: balanced is written twice",
                "epochs: 1              | epochs: none       | tasks.cats: Invalid value for option '--epochs'",
                "balanced: true         | balanced: often    | tasks.cats: balanced is 'often', expected true or false",
                "balanced: true         | length: 3          | tasks.cats: Invalid value for option '--length': found 3, expected 8 or more",
                "balanced: true         | text-columns: text,text | tasks.cats: columns text, text, label; expected another for each",
                "dev: cats.tsv          | dev: dogs.tsv      | tasks.cats: dev: ",
                "train: cats.tsv,       | length: 10,        | tasks.cats: Missing required option: '--train=FILE'",
                "balanced: true         | temperature: 3     | :11:88: tasks.cats: --temperature: is for embedding, not for classification",
                "balanced: true         | metric: pearson    | :11:83: tasks.cats: --metric pearson: decides nothing in this task; expected one of accuracy, ",
                "balanced: true         | text-columns: nope | cats.tsv: no column \"nope\" in its header",
                "balanced: true         | new-layers: 99     | :11:87: tasks.cats: Invalid value for option '--new-layers': found 99",
                "train: cats.tsv,       | train: one.tsv,    | one.tsv: only one label, \"yes\"; expected two or more",
                "dev: cats.tsv          | dev: maybe.tsv     | maybe.tsv, line 3: label \"maybe\" is not known; expected one of no, yes",
                "data: data             | data: nothing      | nothing"
            })
    void tellsWhatIsWrongBeforeAnythingIsTrained(String right, String wrong, String message) throws IOException {
        assertThat(STUDY).contains(right);
        Files.writeString(
                folder.resolve("wrong.yaml"), STUDY.replace(right, wrong.replace("text,text", "[text, text]")));

        CommandRun dry = run("study @wrong.yaml --out @never --dry-run");
        assertThat(dry.err()).contains(message).hasLineCount(1);
        assertThat(dry.code()).isEqualTo(ExitCode.FAILED);
        CommandRun refused = run("study @wrong.yaml --out @never");
        assertThat(refused.err()).contains(message).hasLineCount(1);
        assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
        assertThat(folder.resolve("never")).doesNotExist();
    }

    @Test
    void whatIsWrongWithATasksDataIsSaidWithItsPlace() throws IOException {
        Path wrong = Files.writeString(
                folder.resolve("place.yaml"),
                STUDY.replace("balanced: true", "text-columns: nope").replace("dev: cats.tsv, ", ""));

        assertThat(run("study @place.yaml --out @never --dry-run").err())
                .startsWith("changeling: " + wrong + ":11:39: tasks.cats: " + folder.resolve("cats.tsv")
                        + ": no column \"nope\"");
    }

    @Test
    void goesOnAfterAFineTuningThatDivergesAndRemembersIt() throws IOException {
        Files.writeString(
                folder.resolve("wild.yaml"),
                STUDY.replace("seeds: [1, 2]", "seeds: [1]")
                        + "  wild: {task: classification, train: cats.tsv, dev: cats.tsv, epochs: 9, learning-rate: 1e38}\n"
                        + "  dogs: {task: classification, train: cats.tsv, dev: cats.tsv, epochs: 1}\n");

        CommandRun first = run("study @wild.yaml --out @wild");
        assertThat(first.code()).as(first.err()).isEqualTo(ExitCode.NON_FINITE);
        assertThat(first.out())
                .containsPattern("\n- electra, seed 1, wild: .*not finite")
                .containsPattern("\n- bert, seed 1, wild: .*not finite");
        assertThat(folder.resolve("wild/tasks/bert/seed-1/dogs/model")).isDirectory();

        CommandRun plan = run("study @wild.yaml --out @wild --dry-run");
        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.out())
                .contains("on cats, wild, dogs: 0 of 6 are to do, 2 failed.")
                .contains("\nfailed: electra, seed 1, wild: ", "; to try again, delete ");

        CommandRun again = run("study @wild.yaml --out @wild");
        assertThat(again.code()).isEqualTo(ExitCode.NON_FINITE);
        assertThat(again.out()).isEqualTo(first.out());
        assertThat(again.err())
                .contains("[1/2] electra, seed 1: wild: failed before: ")
                .hasLineCount(2);
    }

    @Test
    void aRunThatDivergedIsShownAsFailed() throws IOException {
        Files.writeString(
                folder.resolve("nan.yaml"),
                STUDY.replace("seeds: [1, 2]", "seeds: [1]")
                        .replace(
                                "electra: {variants: [electra]}",
                                "electra: {variants: [electra], settings: {optimizer.learning_rate: 1e38,"
                                        + " optimizer.clip_norm: 0}}"));
        assertThat(run("study @nan.yaml --out @nan").code()).isEqualTo(ExitCode.NON_FINITE);

        CommandRun plan = run("study @nan.yaml --out @nan --dry-run");
        assertThat(plan.out())
                .containsPattern("   1  electra, seed 1 +8 steps +[0-9.]+ TFLOP  failed\n")
                .contains("0 of 2 are to do.", "Training left: about 0 s");
        JsonNode json = JsonMapper.shared()
                .readTree(run("study @nan.yaml --out @nan --dry-run --json").out());
        assertThat(json.at("/runs/0/failed").asBoolean()).isTrue();
        assertThat(json.at("/runs/0/seconds_left").asDouble()).isZero();
        assertThat(json.at("/runs/1/failed").asBoolean()).isFalse();
        assertThat(json.at("/failures")).hasSize(1);
        CommandRun again = run("study @nan.yaml --out @nan");
        assertThat(again.code()).isEqualTo(ExitCode.NON_FINITE);
        assertThat(again.err()).hasLineCount(1);
    }

    @Test
    void asksForWhatNeitherTheFileNorTheCallHas() throws IOException {
        CommandRun noOut = run("study @study.yaml");
        assertThat(noOut.code()).isEqualTo(ExitCode.USAGE);
        assertThat(noOut.err()).contains("study.yaml: has no out, and no --out is given; expected a folder");

        Files.writeString(folder.resolve("bare.yaml"), STUDY.replace("data: data\n", ""));
        CommandRun noData = run("study @bare.yaml --out @never");
        assertThat(noData.code()).isEqualTo(ExitCode.USAGE);
        assertThat(noData.err()).contains("has no data, and no --data is given; expected a folder that prepare");
        assertThat(run("study @bare.yaml --data @data --out @never --dry-run").code())
                .isZero();
        assertThat(run("study").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void savesTheRunWhenItIsToldToEndAndGoesOnFromThere() throws Exception {
        String steps = STUDY.replace("steps: 8", "steps: 1000000").replace("seeds: [1, 2]", "seeds: [3]");
        Path file = Files.writeString(folder.resolve("long.yaml"), steps);
        Path made = folder.resolve("ended");
        Path metrics = made.resolve("runs/electra/seed-3/metrics.jsonl");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "study",
                        file.toString(),
                        "--out",
                        made.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            long late = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
            while ((!Files.exists(metrics) || Files.size(metrics) == 0)
                    && process.isAlive()
                    && System.nanoTime() < late) {
                Thread.sleep(20);
            }
            assertThat(process.isAlive()).isTrue();
            process.toHandle().destroy();
            assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(TERMINATED);
        } finally {
            process.destroyForcibly();
        }

        JsonNode plan = JsonMapper.shared()
                .readTree(run("study @long.yaml --out @ended --dry-run --json").out());
        assertThat(plan.at("/runs/0/step").asLong()).isPositive();
        assertThat(plan.at("/runs/0/finished").asBoolean()).isFalse();
        assertThat(made.resolve("table.md")).content().contains("0 of 2 runs finished");
    }

    @Test
    void theProjectsStudiesHaveTasksThatFineTuneTakes() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("../shared/data/tasks")), "needs ../shared/data/tasks");
        try (Stream<Path> studies = Files.list(Path.of("studies"))) {
            List<StudyTask> tasks = studies.flatMap(file -> StudyFile.read(file).tasks().stream())
                    .toList();
            assertThat(tasks)
                    .hasSizeGreaterThan(3)
                    .allSatisfy(task -> new StudyFineTuning(task)
                            .requireValid(List.of(ConfigLoader.load("tiny", List.of(), Map.of())
                                    .model())));
        }
    }
}
