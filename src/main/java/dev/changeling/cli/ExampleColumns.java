package dev.changeling.cli;

import dev.changeling.error.UsageException;
import dev.changeling.finetuning.TaskFormat;
import dev.changeling.hub.TaskKind;
import dev.changeling.task.ConllColumns;
import dev.changeling.task.TableColumns;
import dev.changeling.task.TagScheme;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which a verb is told where in a file of examples the texts and the labels stand. */
final class ExampleColumns {
    @Mixin
    private TextColumns textColumns;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "Of tables: the column of the label. Default: label; for embedding none.")
    private @Nullable String labelColumn;

    @Option(
            names = "--label-separator",
            paramLabel = "TEXT",
            defaultValue = TableColumns.DEFAULT_SEPARATOR,
            description = "For multi-label: what stands between labels. Default: ${DEFAULT-VALUE}.")
    private String labelSeparator;

    @Option(
            names = "--tag-column",
            paramLabel = "N",
            defaultValue = "-1",
            converter = NumberConverter.Whole.class,
            description = "For tagging: the column of the tag, from 0 (that of the word). Default: the last.")
    private long tagColumn;

    @Option(
            names = "--plain-tags",
            description = "For tagging: the tags say something of each word, and make no spans (no B-, I-, O).")
    private boolean plainTags;

    /** Returns the columns that hold texts. */
    List<String> texts() {
        return textColumns.names();
    }

    /** Returns how the examples of a task stand in a file. */
    TaskFormat format(TaskKind kind) {
        String label = labelColumn == null && kind != TaskKind.EMBEDDING ? "label" : labelColumn;
        if (tagColumn < ConllColumns.LAST || tagColumn > 1000) {
            throw new UsageException("--tag-column " + tagColumn + ": expected a column from 0");
        }
        return new TaskFormat(
                kind,
                new TableColumns(texts(), label, kind == TaskKind.MULTI_LABEL ? labelSeparator : null),
                new ConllColumns(0, (int) tagColumn, plainTags ? TagScheme.PLAIN : TagScheme.SPANS));
    }
}
