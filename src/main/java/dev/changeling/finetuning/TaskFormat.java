package dev.changeling.finetuning;

import dev.changeling.hub.TaskKind;
import dev.changeling.task.ConllColumns;
import dev.changeling.task.ConllReader;
import dev.changeling.task.Question;
import dev.changeling.task.SquadReader;
import dev.changeling.task.TableColumns;
import dev.changeling.task.TableReader;
import dev.changeling.task.TaggedSentence;
import dev.changeling.task.TextExample;
import java.nio.file.Path;
import java.util.List;

/**
 * How the labelled examples of a task stand in a file.
 *
 * @param kind of the task
 * @param columns of tables
 * @param conll columns of tagged sentences
 */
public record TaskFormat(TaskKind kind, TableColumns columns, ConllColumns conll) {

    List<TextExample> texts(Path file) {
        return TableReader.readAll(file, columns);
    }

    List<TaggedSentence> sentences(Path file) {
        return ConllReader.readAll(file, conll);
    }

    List<Question> questions(Path file) {
        return SquadReader.readAll(file, true);
    }

    /** Returns what the number of a regression is called. */
    String numberName() {
        return columns.label() == null ? "score" : columns.label();
    }

    /** Returns whether each example is two texts. */
    boolean isPaired() {
        return columns.texts().size() == 2;
    }
}
