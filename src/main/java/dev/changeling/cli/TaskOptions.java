package dev.changeling.cli;

import static dev.changeling.hub.TaskKind.CLASSIFICATION;
import static dev.changeling.hub.TaskKind.EMBEDDING;
import static dev.changeling.hub.TaskKind.MULTI_LABEL;
import static dev.changeling.hub.TaskKind.REGRESSION;
import static dev.changeling.hub.TaskKind.TAGGING;

import dev.changeling.error.UsageException;
import dev.changeling.hub.TaskKind;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that mean something for some tasks only. */
final class TaskOptions {
    private static final List<TaskKind> OF_TABLES = List.of(CLASSIFICATION, MULTI_LABEL, REGRESSION, EMBEDDING);
    private static final Map<String, List<TaskKind>> TASKS = Map.of(
            "--text-columns", OF_TABLES,
            "--label-column", OF_TABLES,
            "--label-separator", List.of(MULTI_LABEL),
            "--tag-column", List.of(TAGGING),
            "--plain-tags", List.of(TAGGING),
            "--balanced", List.of(CLASSIFICATION),
            "--pooling", List.of(EMBEDDING),
            "--temperature", List.of(EMBEDDING));

    /** What tells where labels stand. */
    private static final List<String> OF_LABELS =
            List.of("--label-column", "--label-separator", "--tag-column", "--plain-tags");

    private TaskOptions() {}

    /**
     * Refuses options that were given and would change nothing.
     *
     * @throws UsageException naming the first of them and what it is for
     */
    static void requireFor(TaskKind kind, ParseResult given) {
        for (OptionSpec option : given.matchedOptions()) {
            List<TaskKind> tasks = TASKS.getOrDefault(option.longestName(), List.of(kind));
            if (!tasks.contains(kind)) {
                throw new UsageException(option.longestName() + ": is for "
                        + tasks.stream().map(TaskKind::title).collect(Collectors.joining(", ")) + ", not for "
                        + kind.title());
            }
        }
        if (given.hasMatchedOption("--temperature") && given.hasMatchedOption("--label-column")) {
            throw new UsageException("--temperature: is for embedding without --label-column, whose loss has none");
        }
    }

    /**
     * Refuses options that were given and would change nothing where no labels are read.
     *
     * @param files whether texts come out of a file
     * @throws UsageException naming the first of them and what it is for
     */
    static void requireUnlabelled(boolean files, ParseResult given) {
        for (String option : OF_LABELS) {
            if (given.hasMatchedOption(option)) {
                throw new UsageException(option + ": says where labels stand, for --score; without it none are read");
            }
        }
        if (!files && given.hasMatchedOption("--text-columns")) {
            throw new UsageException("--text-columns: is for files; expected --input or --score");
        }
    }
}
