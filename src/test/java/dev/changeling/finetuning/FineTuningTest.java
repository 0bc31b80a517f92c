package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestExports;
import dev.changeling.disk.Sha256;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.Pooling;
import dev.changeling.task.ConllColumns;
import dev.changeling.task.Labels;
import dev.changeling.task.TableColumns;
import dev.changeling.task.TagScheme;
import dev.changeling.task.TextExample;
import dev.changeling.training.NonFiniteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FineTuningTest {
    private static final FineTuningSettings QUICK = TinyTasks.settings(1, 16, 1e-3, 0.1, 0);

    @TempDir
    private Path temporary;

    private Path model;
    private Path train;
    private Path dev;
    private Path out;
    private int count;

    @BeforeEach
    void write() throws IOException {
        model = TestExports.write(temporary.resolve("a"), 1);
        train = table("train.tsv", TinyTasks.cats(40, 3));
        dev = table("dev.tsv", TinyTasks.cats(11, 4));
        out = temporary.resolve("out");
    }

    private Path table(String name, List<TextExample> examples) throws IOException {
        return Files.writeString(
                temporary.resolve(name),
                examples.stream()
                        .map(example ->
                                example.first() + "\t" + example.labels().get(0) + "\n")
                        .collect(Collectors.joining("", "text\tlabel\n", "")));
    }

    private FineTuningPlan plan(@Nullable Path scored, int seeds) {
        return plan(model, false, TaskKind.CLASSIFICATION, scored, QUICK, seeds, null);
    }

    private FineTuningPlan plan(
            Path base,
            boolean fromScratch,
            TaskKind kind,
            @Nullable Path scored,
            FineTuningSettings settings,
            int seeds,
            @Nullable String metric) {
        TableColumns columns = TableColumns.oneLabel(List.of("text"), "label");
        TaskFiles files =
                new TaskFiles(new TaskFormat(kind, columns, ConllColumns.of(TagScheme.SPANS)), train, scored, 0.2);
        return new FineTuningPlan(
                base,
                fromScratch,
                files,
                settings,
                6,
                seeds,
                128,
                false,
                Pooling.MEAN,
                0.05,
                metric,
                List.of("finetune", "--seeds", "3"));
    }

    private FineTuningReport run(FineTuningPlan plan) throws IOException {
        return FineTuning.run(plan, TestExports.engine(), out, FineTuningObserver.NONE);
    }

    private static JsonNode json(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readAllBytes(file));
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> entries = Files.list(temporary)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theScoresOfAllSeedsAndTheNetworkOfTheBestAreWritten() throws IOException {
        FineTuningReport report = run(plan(dev, 3));

        JsonNode results = json(out.resolve("results.json"));
        assertThat(results.path("task").stringValue()).isEqualTo("classification");
        assertThat(results.path("train_examples").intValue()).isEqualTo(40);
        assertThat(results.path("dev_examples").intValue()).isEqualTo(11);
        assertThat(results.path("metric").stringValue()).isEqualTo("accuracy");
        assertThat(results.path("settings").path("batch_size").intValue()).isEqualTo(16);
        assertThat(results.path("seeds")).hasSize(3);
        double[] accuracies = new double[3];
        for (int i = 0; i < 3; i++) {
            JsonNode seed = results.path("seeds").get(i);
            assertThat(seed.path("seed").longValue()).isEqualTo(6 + i);
            accuracies[i] = seed.at("/scores/accuracy").doubleValue();
        }
        long best = results.path("best_seed").longValue();
        assertThat(accuracies[(int) best - 6])
                .isEqualTo(Arrays.stream(accuracies).max().orElseThrow());
        Arrays.sort(accuracies);
        assertThat(results.at("/scores/accuracy/median").doubleValue()).isEqualTo(accuracies[1]);
        assertThat(results.at("/scores/accuracy/least").doubleValue()).isEqualTo(accuracies[0]);
        assertThat(results.at("/scores/accuracy/most").doubleValue()).isEqualTo(accuracies[2]);
        assertThat(report.best()).isEqualTo(best);
        assertThat(report.spreads())
                .hasEntrySatisfying(
                        "accuracy", spread -> assertThat(spread.median()).isEqualTo(accuracies[1]));

        assertThat(TaskFolder.kind(out.resolve("model"))).isEqualTo(TaskKind.CLASSIFICATION);
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "model", "results.json", "predictions.jsonl", "confusion.tsv", "provenance.json");
        }
        assertThat(entries()).doesNotContain(".out.partial");
    }

    @Test
    void thePredictionsAreThoseOfTheNetworkThatIsWritten() throws IOException {
        FineTuningReport report = run(plan(dev, 3));

        List<JsonNode> rows = Files.readAllLines(out.resolve("predictions.jsonl")).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
        assertThat(rows).hasSize(11);
        List<TextExample> examples = TinyTasks.cats(11, 4);
        int right = 0;
        try (TaskFolder.FineTuned network = TaskFolder.read(out.resolve("model"), TestExports.engine());
                FineTuner<TextExample, Integer, float[]> tuner = new FineTuner<>(
                        new ClassificationTask(
                                new Labels(network.labels()),
                                new float[] {1, 1},
                                new TextItems(
                                        network.pretrained().tokenizer(),
                                        network.pretrained().sequences())),
                        network.pretrained().model(),
                        QUICK,
                        0,
                        1)) {
            List<float[]> again = tuner.predict(examples);
            for (int i = 0; i < rows.size(); i++) {
                JsonNode row = rows.get(i);
                assertThat(row.path("line").intValue()).isEqualTo(i + 2);
                assertThat(row.path("text").stringValue())
                        .isEqualTo(examples.get(i).first());
                assertThat(row.path("label").stringValue())
                        .isEqualTo(examples.get(i).labels().get(0));
                int predicted = network.labels().indexOf(row.path("predicted").stringValue());
                assertThat(row.path("probability").floatValue()).isEqualTo(again.get(i)[predicted]);
                right += row.path("label").equals(row.path("predicted")) ? 1 : 0;
            }
        }
        double best = report.seeds().get((int) report.best() - 6).scores().value();
        assertThat(right / 11.0).isEqualTo(best);

        List<String[]> table = Files.readAllLines(out.resolve("confusion.tsv")).stream()
                .map(line -> line.split("\t"))
                .toList();
        assertThat(table.get(0)).containsExactly("label\\predicted", "no", "yes");
        assertThat(table.get(1)[0]).isEqualTo("no");
        assertThat(Integer.parseInt(table.get(1)[1]) + Integer.parseInt(table.get(2)[2]))
                .isEqualTo(right);
        long yes = examples.stream()
                .filter(example -> example.labels().contains("yes"))
                .count();
        assertThat(Long.parseLong(table.get(2)[1]) + Long.parseLong(table.get(2)[2]))
                .isEqualTo(yes);
        assertThat(Long.parseLong(table.get(1)[1]) + Long.parseLong(table.get(1)[2]))
                .isEqualTo(11 - yes);
    }

    @Test
    void whereItComesFromIsWritten() throws IOException {
        run(plan(dev, 1));
        JsonNode inputs = json(out.resolve("provenance.json")).at("/starts/0/inputs");
        assertThat(inputs.path("train").stringValue()).isEqualTo(Sha256.of(train));
        assertThat(inputs.path("dev").stringValue()).isEqualTo(Sha256.of(dev));
        assertThat(inputs.path("model.safetensors").stringValue())
                .isEqualTo(Sha256.of(model.resolve("model.safetensors")));
        assertThat(out.resolve("provenance.json")).content().contains("--seeds");
    }

    @Test
    void theNetworksCardTellsOfItsTaskAndItsScores() throws IOException {
        FineTuningReport report = run(plan(dev, 3));
        assertThat(out.resolve("model/README.md"))
                .content()
                .contains(
                        "\npipeline_tag: text-classification\n",
                        "\n# ELECTRA for classification, ",
                        "\nLabels: `no`, `yes`.\n",
                        "| to score on | 11 examples |",
                        "| SHA-256 of train | `" + Sha256.of(train) + "` |",
                        String.format(
                                Locale.ROOT,
                                "| accuracy | %.4f (",
                                json(out.resolve("results.json"))
                                        .at("/scores/accuracy/median")
                                        .doubleValue()),
                        "| seed | " + report.best() + ", the best of 3 |");
    }

    @Test
    void fromScratchThePreTrainedWeightsAreNotLookedAt() throws IOException {
        Path other = TestExports.write(temporary.resolve("b"), 2);
        assertThat(trained(model, true)).isEqualTo(trained(other, true));
        assertThat(trained(model, false)).isNotEqualTo(trained(other, false)).isNotEqualTo(trained(model, true));
    }

    private byte[] trained(Path base, boolean fromScratch) throws IOException {
        out = temporary.resolve("trained-" + count++);
        run(plan(base, fromScratch, TaskKind.CLASSIFICATION, dev, QUICK, 1, null));
        return Files.readAllBytes(out.resolve("model/model.safetensors"));
    }

    @Test
    void withoutExamplesToScoreOnTheSameAreHeldOutForEverySeed() throws IOException {
        FineTuningReport report = run(plan(null, 2));
        assertThat(report.train() + report.dev()).isEqualTo(40);
        assertThat(report.dev()).isBetween(2, 16);
        List<JsonNode> held = lines(out);
        out = temporary.resolve("again");
        FineTuningPlan other = plan(null, 1);
        run(new FineTuningPlan(
                other.model(), false, other.data(), QUICK, 77, 1, 128, false, Pooling.MEAN, 0.05, null, List.of()));
        assertThat(lines(out)).isEqualTo(held);
    }

    private static List<JsonNode> lines(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("predictions.jsonl")).stream()
                .map(line -> JsonMapper.shared().readTree(line).path("line"))
                .toList();
    }

    @Test
    void aLabelThatIsOnlyAmongTheHeldOutIsKnown() throws IOException {
        List<TextExample> examples = TinyTasks.cats(40, 3);
        run(plan(null, 1));
        int held = lines(out).get(0).intValue() - 2;
        train = table(
                "rare.tsv",
                examples.stream()
                        .map(example -> new TextExample(
                                "",
                                example.line(),
                                example.first(),
                                null,
                                example.line() == held + 2 ? List.of("rare") : example.labels()))
                        .toList());
        out = temporary.resolve("rare");
        run(plan(null, 1));
        assertThat(json(out.resolve("model/config.json")).path("id2label"))
                .extracting(JsonNode::stringValue)
                .containsExactly("no", "rare", "yes");
    }

    private void refused(FineTuningPlan plan, Class<? extends Exception> type, String message) throws IOException {
        List<String> before = entries();
        boolean[] prepared = new boolean[1];
        FineTuningObserver observer = new FineTuningObserver() {
            @Override
            public void prepared(int examples, int scored, int steps) {
                prepared[0] = true;
            }
        };
        assertThatThrownBy(() -> FineTuning.run(plan, TestExports.engine(), out, observer))
                .isInstanceOf(type)
                .hasMessage(message);
        assertThat(prepared[0]).as("before the training").isFalse();
        assertThat(entries()).isEqualTo(before);
    }

    @Test
    void anUnknownLabelIsFoundBeforeTheTraining() throws IOException {
        Files.writeString(dev, "text\tlabel\nthe cat\tyes\nthe mat\tmaybe\n");
        refused(
                plan(dev, 1),
                InputException.class,
                dev + ", line 3: label \"maybe\" is not known; expected one of no, yes");
    }

    @Test
    void oneLabelAloneIsNothingToLearn() throws IOException {
        Files.writeString(train, "text\tlabel\nthe cat\tyes\nthe mat\tyes\n");
        refused(
                plan(dev, 1),
                InputException.class,
                train + ": only one label, \"yes\"; expected two or more to tell apart");
    }

    @Test
    void aTextWhereANumberIsExpectedIsFoundBeforeTheTraining() throws IOException {
        Files.writeString(train, "text\tlabel\nthe cat\t1\nthe mat\t2.5\n");
        Files.writeString(dev, "text\tlabel\nthe cat\t1\nthe mat\tmuch\n");
        String message = dev + ", line 3: label \"much\"; expected a number";
        refused(plan(model, false, TaskKind.REGRESSION, dev, QUICK, 1, null), InputException.class, message);
        refused(
                plan(model, false, TaskKind.EMBEDDING, dev, QUICK, 1, null),
                UsageException.class,
                "a label says how alike two texts are; expected two text columns");
    }

    @Test
    void aMeasureThatIsNoneIsFoundBeforeTheTraining() throws IOException {
        refused(
                plan(model, false, TaskKind.CLASSIFICATION, dev, QUICK, 1, "span_f1"),
                UsageException.class,
                "--metric span_f1: decides nothing in this task; expected one of accuracy, macro_f1, micro_f1, f1,"
                        + " precision, recall, matthews");
        Files.writeString(train, "text\tlabel\nthe cat\t1\nthe mat\t2.5\n");
        refused(
                plan(model, false, TaskKind.REGRESSION, train, QUICK, 1, "root_mean_squared_error"),
                UsageException.class,
                "--metric root_mean_squared_error: decides nothing in this task; expected one of spearman, pearson");
    }

    @Test
    void anotherMeasureMayDecide() throws IOException {
        FineTuningReport report = run(plan(model, false, TaskKind.CLASSIFICATION, dev, QUICK, 2, "matthews"));
        assertThat(report.primary()).isEqualTo("matthews");
        assertThat(json(out.resolve("results.json")).path("metric").stringValue())
                .isEqualTo("matthews");
    }

    @Test
    void aFolderThatIsThereIsKept() throws IOException {
        Files.createDirectory(out);
        refused(plan(dev, 1), InputException.class, out + ": is there already; expected the name of a new folder");
    }

    @Test
    void aTrainingThatFailsLeavesNothing() throws IOException {
        List<String> before = entries();
        FineTuningSettings wild = TinyTasks.settings(3, 16, 1e30, 0.1, 0);
        assertThatThrownBy(() -> run(plan(model, false, TaskKind.CLASSIFICATION, dev, wild, 1, null)))
                .isInstanceOf(NonFiniteException.class);
        assertThat(entries()).isEqualTo(before);
    }

    @Test
    void whatAKilledTrainingHasLeftIsDropped() throws IOException {
        Files.writeString(
                Files.createDirectory(temporary.resolve(".out.partial")).resolve("results.json"), "half");
        run(plan(dev, 1));
        assertThat(json(out.resolve("results.json")).isObject()).isTrue();
        assertThat(entries()).doesNotContain(".out.partial");
    }
}
