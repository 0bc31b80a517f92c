package dev.changeling.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.checkpoint.Provenance;
import dev.changeling.checkpoint.ProvenanceFile;
import dev.changeling.disk.Disk;
import dev.changeling.disk.FolderLock;
import dev.changeling.disk.Sha256;
import dev.changeling.error.InputException;
import dev.changeling.metrics.Metrics;
import dev.changeling.pretraining.LittleRuns;
import dev.changeling.pretraining.PretrainingRun;
import dev.changeling.training.NonFiniteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StudyTest {
    private static final String STUDY = """
            config: debug
            settings:
              training: {steps: 6, threads: 1}
              checkpoint.every: 2
              evaluation.every: 3
              metrics: {dynamics_every: 0, tensorboard: false}
            seeds: [1, 2]
            arms:
              electra: {variants: [electra]}
              bert: {variants: [bert]}
            tasks:
              cats: {task: classification, train: cats.tsv, epochs: 1}
            """;

    private Path data = Path.of("");
    private Path folder = Path.of("");

    @BeforeAll
    void prepare(@TempDir Path shared) throws IOException {
        data = new LittleRuns(shared).data;
    }

    @BeforeEach
    void begin(@TempDir Path fresh) throws IOException {
        folder = fresh;
        Files.writeString(folder.resolve("cats.tsv"), "text\tlabel\nthe cat\tyes\n");
    }

    private Study open(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("study.yaml"), text);
        return Study.open(StudyPlan.of(StudyFile.read(file), data, folder.resolve("out")));
    }

    private Path out(String name) {
        return folder.resolve("out").resolve(name);
    }

    /** Trains for real and only says that it has fine-tuned. */
    private static final class Session implements StudySession {
        final List<String> done = new ArrayList<>();
        final List<String> messages = new ArrayList<>();
        private final int lastStep;
        private final Set<String> diverging;

        /** @param diverging fine-tunings whose loss is not finite */
        Session(Set<String> diverging) {
            this.lastStep = Integer.MAX_VALUE;
            this.diverging = diverging;
        }

        /** @param lastStep of all steps together, after which it stops */
        Session(int lastStep) {
            this.lastStep = lastStep;
            this.diverging = Set.of();
        }

        private int steps;

        @Override
        public void message(String line) {
            messages.add(line);
        }

        @Override
        public RunTraining training(PlannedRun run) {
            return new RunTraining() {
                @Override
                public boolean train(PretrainingRun opened) throws IOException {
                    done.add(run.label());
                    try (opened) {
                        return opened.train(() -> steps >= lastStep);
                    }
                }

                @Override
                public void progress(Metrics metrics) {
                    steps++;
                }

                @Override
                public void message(String line) {}
            };
        }

        @Override
        public void fineTune(StudyTask task, Path model, Path to) throws IOException {
            String name = to.subpath(to.getNameCount() - 3, to.getNameCount() - 2) + " " + task.name();
            done.add(name);
            if (diverging.contains(name)) {
                throw new NonFiniteException("the loss is NaN");
            }
            Files.createDirectories(to);
            JsonMapper json = JsonMapper.shared();
            Files.writeString(
                    to.resolve("results.json"),
                    json.writeValueAsString(
                            Map.of("metric", "accuracy", "scores", Map.of("accuracy", Map.of("median", 0.5)))));
            Map<String, String> inputs = Map.of(
                    "train",
                    Sha256.of(Path.of(task.options().get(1).text())),
                    "model.safetensors",
                    Sha256.of(model.resolve("model.safetensors")));
            ProvenanceFile.add(
                    to.resolve("provenance.json"),
                    Provenance.ofThisProcess(List.of(), 1, "cpu", 1, Map.of(), inputs, Map.of()),
                    new Disk());
        }
    }

    private List<String> work(int lastStep) throws IOException {
        Session session = new Session(lastStep);
        Study study = open(STUDY);
        boolean finished = study.run(List.of("study"), session);
        assertThat(finished).isEqualTo(study.scores().isComplete());
        return session.done;
    }

    @Test
    void anArmStartsFromWhatAnotherHasLearnt() throws IOException {
        String text = STUDY.replace("seeds: [1, 2]", "seeds: [1]")
                .replace(
                        "  bert: {variants: [bert]}",
                        "  frozen: {variants: [fast-electra], init_from: electra/generator}");
        assertThat(open(text).run(List.of("study"), new Session(8))).isFalse(); // in the second run
        Session session = new Session(100);
        assertThat(open(text).run(List.of("study"), session)).isTrue();
        assertThat(session.done).containsExactly("frozen, seed 1", "frozen cats");
        assertThat(out("runs/frozen/seed-1/initialization.json")).isNotEmptyFile();
        assertThat(out("runs/frozen/seed-1/model/generator/model.safetensors"))
                .as("a generator that rests")
                .hasSameBinaryContentAs(out("runs/electra/seed-1/model/generator/model.safetensors"));

        Path table = out("runs/electra/seed-1/model/generator/model.safetensors");
        byte[] changed = Files.readAllBytes(table);
        changed[changed.length - 1] ^= 1;
        Files.write(table, changed);
        assertThatThrownBy(() -> open(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the run was started on other data, expected the same init_from");
    }

    @Test
    void goesOnWhereItWasStoppedAndRepeatsNothing() throws IOException {
        // The first run whole, the second to its fourth step.
        assertThat(work(10)).containsExactly("electra, seed 1", "electra cats", "bert, seed 1");
        assertThat(out("table.md")).content().contains("1 of 4 runs finished", "| electra | 1 | ", "| bert | 0 | – |");
        Path first = out("runs/electra/seed-1/metrics.jsonl");
        String before = Files.readString(first);
        Study stopped = open(STUDY);
        assertThat(stopped.scores().runs())
                .extracting(run -> run.standing().step())
                .containsExactly(6L, 4L, 0L, 0L);

        assertThat(work(1000))
                .containsExactly(
                        "bert, seed 1", "bert cats", "electra, seed 2", "electra cats", "bert, seed 2", "bert cats");
        assertThat(first).hasContent(before);
        assertThat(out("table.md"))
                .content()
                .contains("4 of 4 runs finished", "| electra | 2 | ", "| bert | 2 | – | – | – | – | – | – | ");
        assertThat(out("report.html")).content().contains("\"name\":\"electra/seed-1\"", "\"name\":\"bert/seed-1\"");

        String table = Files.readString(out("table.md"));
        assertThat(work(1000)).isEmpty();
        assertThat(out("table.md")).hasContent(table);
    }

    @Test
    void seedsAndUsefulWorkDifferWhereTheyShould() throws IOException {
        work(1000);

        StudyScores scores = open(STUDY).scores();
        assertThat(scores.runs().get(0).heldOut().get("mlm_loss"))
                .isNotEqualTo(scores.runs().get(2).heldOut().get("mlm_loss"));
        assertThat(scores.runs())
                .allMatch(run -> run.flops() > 0 && run.standing().tokens() > 0);
        // bert has no generator.
        assertThat(scores.runs().get(1).flops())
                .isNotEqualTo(scores.runs().get(0).flops());
    }

    @Test
    void refusesAStudyThatHasChangedSince() throws IOException {
        work(1000);

        assertThatThrownBy(() -> open(STUDY.replace("steps: 6", "steps: 7")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(out("runs/electra/seed-1") + ": is a run of another configuration:"
                        + " training.steps is 7, was 6");
        assertThatThrownBy(() -> open(STUDY.replace("[bert]", "[bert], settings: {optimizer.beta1: 0.8}")))
                .hasMessageContaining(out("runs/bert/seed-1") + ": is a run of another configuration:"
                        + " optimizer.beta1 is 0.8, was 0.9");
        assertThatThrownBy(() -> open(STUDY.replace("every: 3", "every: 3\n  evaluation.rows: 3")))
                .hasMessageContaining("evaluation.rows is 3, was 16");
        assertThatThrownBy(() -> open(STUDY.replace("epochs: 1", "epochs: 2")))
                .hasMessageContaining(
                        out("tasks/electra/seed-1/cats") + ": was made with other options: epochs is 2, was 1");
        assertThatThrownBy(() -> open(STUDY.replace(", epochs: 1", "")))
                .hasMessageContaining("epochs is absent, was 1");
        Files.writeString(folder.resolve("cats.tsv"), "text\tlabel\nthe dog\tno\n");
        assertThatThrownBy(() -> open(STUDY))
                .hasMessageContaining(out("tasks/electra/seed-1/cats") + ": was made from another train than ");
    }

    @Test
    void moreSeedsAndArmsJoinWhatIsThere() throws IOException {
        work(1000);

        Session session = new Session(1000);
        open(STUDY.replace("[1, 2]", "[2, 1, 3]").replace("arms:", "arms:\n  unigram: {variants: [unigram]}"))
                .run(List.of("study"), session);
        assertThat(session.done)
                .filteredOn(name -> name.contains("seed"))
                .containsExactly(
                        "unigram, seed 2", "unigram, seed 1", "unigram, seed 3", "electra, seed 3", "bert, seed 3");
    }

    @Test
    void goesOnWithTheOthersWhenARunDiverges() throws IOException {
        Study study = open(STUDY.replace(
                "electra: {variants: [electra]}",
                "electra: {variants: [electra], settings: {optimizer.learning_rate: 1e38, optimizer.clip_norm: 0}}"));
        assertThat(study.run(List.of("study"), new Session(1000))).isTrue();

        assertThat(study.scores().failures()).hasSize(2).first().asString().startsWith("electra, seed 1: ");
        assertThat(out("table.md"))
                .content()
                .contains("2 of 4 runs finished", "## Ended too early\n\n- electra, seed 1: ");
    }

    @Test
    void aRunThatDivergedIsTriedAgainWhenItsFolderIsGone() throws IOException {
        String text = STUDY.replace("seeds: [1, 2]", "seeds: [1]")
                .replace(
                        "electra: {variants: [electra]}",
                        "electra: {variants: [electra], settings: {optimizer.learning_rate: 1e38, optimizer.clip_norm: 0}}")
                .replace(
                        "  bert: {variants: [bert]}",
                        "  frozen: {variants: [fast-electra], init_from: electra/generator}");
        open(text).run(List.of("study"), new Session(1000));
        String table = Files.readString(out("table.md"));
        String metrics = Files.readString(out("runs/electra/seed-1/metrics.jsonl"));
        assertThat(table).contains("; to try again, delete " + Path.of("runs/electra/seed-1") + "\n- frozen, seed 1: ");

        Session again = new Session(1000);
        Study study = open(text);
        assertThat(study.scores().failures())
                .hasSize(2)
                .satisfies(failures -> assertThat(failures.get(1)).startsWith("frozen, seed 1: starts from "));
        study.run(List.of("study"), again);
        assertThat(again.done).isEmpty();
        assertThat(again.messages).anyMatch(line -> line.startsWith("[1/2] electra, seed 1: failed before: "));
        assertThat(out("table.md")).hasContent(table);
        assertThat(out("runs/electra/seed-1/metrics.jsonl")).hasContent(metrics);

        new Disk().deleteFolder(out("runs/electra/seed-1"));
        Session afresh = new Session(1000);
        open(text).run(List.of("study"), afresh);
        assertThat(afresh.done).containsExactly("electra, seed 1");
    }

    @Test
    void goesOnWithTheOthersWhenAFineTuningDiverges() throws IOException {
        String text = STUDY + "  dogs: {task: classification, train: cats.tsv, epochs: 1}\n";
        Session session = new Session(Set.of("electra cats"));
        Study study = open(text);
        assertThat(study.run(List.of("study"), session)).isTrue();

        assertThat(session.done)
                .hasSize(12)
                .containsSubsequence("electra cats", "electra dogs", "bert cats", "electra cats", "electra dogs");
        assertThat(session.messages).contains("[1/4] electra, seed 1: cats: the loss is NaN");
        assertThat(study.scores().failures())
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo("electra, seed 1, cats: the loss is NaN; to try again, delete "
                        + Path.of("tasks/electra/seed-1/cats"));
        assertThat(study.scores().isComplete()).isFalse();
        assertThat(out("table.md"))
                .content()
                .contains("4 of 4 runs finished", "| electra | 2 | – | 0.500 |", "- electra, seed 1, cats: the loss");
        JsonNode run = JsonMapper.shared()
                .readTree(Files.readString(out("results.json")))
                .at("/arms/0/runs/0");
        assertThat(run.at("/task_failures/cats").asString()).isEqualTo("the loss is NaN");
        assertThat(run.at("/tasks/dogs/metric").asString()).isEqualTo("accuracy");

        String table = Files.readString(out("table.md"));
        Session again = new Session(1000);
        open(text).run(List.of("study"), again);
        assertThat(again.done).isEmpty();
        assertThat(again.messages).contains("[1/4] electra, seed 1: cats: failed before: the loss is NaN");
        assertThat(out("table.md")).hasContent(table);
        assertThatThrownBy(() -> open(text.replace("epochs: 1", "epochs: 2")))
                .hasMessageContaining(
                        out("tasks/electra/seed-1/cats") + ": was made with other options: epochs is 2, was 1");

        new Disk().deleteFolder(out("tasks/electra/seed-1/cats"));
        Session afresh = new Session(1000);
        Study third = open(text);
        third.run(List.of("study"), afresh);
        assertThat(afresh.done).containsExactly("electra cats");
        assertThat(third.scores().failures()).singleElement().asString().startsWith("electra, seed 2, cats: ");
    }

    @Test
    void aFailureOnOtherExamplesIsNotTakenForOneOnThese() throws IOException {
        open(STUDY).run(List.of("study"), new Session(Set.of("electra cats", "bert cats")));
        Files.writeString(folder.resolve("cats.tsv"), "text\tlabel\nthe dog\tno\n");
        assertThatThrownBy(() -> open(STUDY))
                .hasMessageContaining(out("tasks/electra/seed-1/cats") + ": was made from another train than ");
    }

    @Test
    void letsNobodyElseInMeanwhile() throws IOException {
        Study study = open(STUDY);
        Files.createDirectories(out(""));
        FolderLock held = FolderLock.take(out(""), "working on a study");
        try {
            assertThatThrownBy(() -> study.run(List.of("study"), new Session(1000)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("working on a study");
        } finally {
            held.close();
        }
    }
}
