package dev.changeling.study;

import dev.changeling.config.Setting;
import dev.changeling.evaluation.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What there is of a study, as Markdown for people: of each arm the medians over its seeds, and their range. */
public final class StudyTable {
    private static final String ABSENT = "–";

    /**
     * A column.
     *
     * @param number that a run has or not
     * @param factor of the number as it is shown
     * @param digits behind the point
     */
    private record Column(String head, Function<RunScores, Optional<Double>> number, double factor, int digits) {
        static Column heldOut(String head, String name, double factor, int digits) {
            return new Column(head, StudyScores.heldOut(name), factor, digits);
        }

        /** @param runs of the row: a number that fewer have says so */
        String cell(Optional<Spread> spread, int runs) {
            return spread.map(of -> text(of) + (of.count() < runs ? " of " + of.count() : ""))
                    .orElse(ABSENT);
        }

        private String text(Spread spread) {
            String median = text(spread.median());
            String least = text(spread.least());
            String most = text(spread.most());
            return least.equals(most) ? median : median + " (" + least + " – " + most + ")";
        }

        private String text(double value) {
            return String.format(Locale.ROOT, "%,." + digits + "f", value * factor);
        }
    }

    private final StudyScores scores;
    private final StudyFile study;
    private final StringBuilder text = new StringBuilder();

    private StudyTable(StudyScores scores) {
        this.scores = scores;
        this.study = scores.plan().study();
    }

    /** Returns the tables, with line breaks of one kind. */
    public static String of(StudyScores scores) {
        return new StudyTable(scores).write();
    }

    private String write() {
        text.append("# ").append(StudyResults.name(study)).append("\n\n");
        head();
        table("Held-out text", heldOut());
        text.append(
                "\nDetection is scored on each arm's own replacements: a weaker generator's are easier to find. Where an"
                        + " arm's\ndiscriminator is asked at the masked tokens only, its scores and what is replaced are of these.\n");
        if (!study.tasks().isEmpty()) {
            table("Fine-tuning", tasks());
        }
        table("Compute", compute());
        text.append("\nUseful work: the products of forward and backward passes over real tokens.\n");
        List<String> failures = scores.failures();
        if (!failures.isEmpty()) {
            text.append("\n## Ended too early\n\n");
            failures.forEach(failure -> text.append("- ").append(failure).append('\n'));
        }
        return text.toString();
    }

    private void head() {
        long finished =
                scores.runs().stream().filter(run -> run.standing().finished()).count();
        line(
                "%s: %d arms × %d seeds on data set %s; %d of %d runs finished%s.",
                configName(),
                study.arms().size(),
                study.seeds().size(),
                scores.dataset().substring(0, 12),
                finished,
                scores.runs().size(),
                scores.isComplete() || finished < scores.runs().size() ? "" : ", fine-tuning is not");
        line(
                "Each number is the median over the finished seeds, with the least and the most where they differ, and “of N”"
                        + " where only N of these seeds have it.");
        text.append('\n');
        if (!study.settings().isEmpty()) {
            line("For all arms: %s.", settings(study.settings()));
            text.append('\n');
        }
        text.append("| arm | variants | settings |\n|---|---|---|\n");
        for (StudyArm arm : study.arms()) {
            line(
                    "| %s | %s | %s |",
                    arm.name(),
                    arm.variants().isEmpty() ? ABSENT : String.join(", ", arm.variants()),
                    arm.settings().isEmpty() ? ABSENT : settings(arm.settings()));
        }
    }

    private String configName() {
        int slash = Math.max(study.config().lastIndexOf('/'), study.config().lastIndexOf('\\'));
        return study.config().substring(slash + 1);
    }

    private static String settings(Map<String, Setting> settings) {
        return settings.entrySet().stream()
                .map(setting -> "`" + setting.getKey() + "` "
                        + setting.getValue().text().replace("|", "\\|"))
                .collect(Collectors.joining(", "));
    }

    private List<Column> heldOut() {
        List<Column> columns = new ArrayList<>(List.of(
                Column.heldOut("MLM loss, nats", "mlm_loss", 1, 3),
                Column.heldOut("MLM accuracy, %", "mlm_accuracy", 100, 1),
                Column.heldOut("generator entropy, nats", "generator_entropy", 1, 3),
                Column.heldOut("RTD loss, nats", "rtd_loss", 1, 4),
                Column.heldOut("RTD AUC", "rtd_auc", 1, 3),
                Column.heldOut("replaced, %", "replaced_fraction", 100, 1)));
        Set<String> names = scores.heldOutNames();
        if (names.contains("correction_loss")) {
            columns.add(Column.heldOut("original tokens: loss, nats", "correction_loss", 1, 3));
            columns.add(Column.heldOut("accuracy, %", "correction_accuracy", 100, 1));
        }
        if (names.contains("state_effective_rank")) {
            columns.add(Column.heldOut("directions in use", "state_effective_rank", 1, 1));
        }
        return columns;
    }

    private List<Column> tasks() {
        List<Column> columns = new ArrayList<>();
        for (StudyTask task : study.tasks()) {
            String metric = scores.runs().stream()
                    .flatMap(run -> Optional.ofNullable(run.tasks().get(task.name())).stream())
                    .map(score -> ", " + score.metric())
                    .findFirst()
                    .orElse("");
            columns.add(new Column(task.name() + metric, StudyScores.task(task.name()), 1, 3));
        }
        return columns;
    }

    private static List<Column> compute() {
        return List.of(
                new Column("steps", run -> Optional.of((double) run.standing().step()), 1, 0),
                new Column("tokens, M", StudyScores.tokens(), 1e-6, 2),
                new Column("useful work, TFLOP", StudyScores.flops(), 1e-12, 2),
                new Column("training, min", StudyScores.seconds(), 1 / 60.0, 1));
    }

    private void table(String title, List<Column> columns) {
        text.append("\n## ").append(title).append("\n\n| arm | runs |");
        columns.forEach(column -> text.append(' ').append(column.head()).append(" |"));
        text.append("\n|---|--:|").append("--:|".repeat(columns.size())).append('\n');
        for (StudyArm arm : study.arms()) {
            int runs = scores.finishedRuns(arm);
            text.append("| ").append(arm.name()).append(" | ").append(runs).append(" |");
            for (Column column : columns) {
                text.append(' ')
                        .append(column.cell(scores.spread(arm, column.number()), runs))
                        .append(" |");
            }
            text.append('\n');
        }
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
