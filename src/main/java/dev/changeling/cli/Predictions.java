package dev.changeling.cli;

import dev.changeling.error.UsageException;
import dev.changeling.hub.TaskKind;
import dev.changeling.server.Service;
import dev.changeling.server.TextInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a fine-tuned network says, as rows of named values for people and programs. */
sealed interface Predictions extends AutoCloseable permits TextPredictions, TagPredictions, AnswerPredictions {

    /**
     * Opens a network.
     *
     * @param kind of the network
     * @param noneThreshold of one that finds answers, see {@link AnswerPredictions}; null for what was not asked for
     * @throws UsageException if the network has no use for a threshold
     */
    static Predictions open(Path model, TaskKind kind, @Nullable Double noneThreshold) throws IOException {
        if (noneThreshold != null && kind != TaskKind.ANSWERS) {
            throw new UsageException("--none-threshold: " + model + " is for " + kind.title() + ", not for answers");
        }
        return switch (kind) {
            case CLASSIFICATION, MULTI_LABEL -> TextPredictions.ofClassifier(model);
            case REGRESSION -> TextPredictions.ofRegressor(model);
            case TAGGING -> TagPredictions.open(model);
            case ANSWERS -> AnswerPredictions.open(model, noneThreshold);
            case EMBEDDING ->
                throw new UsageException(model
                        + ": a network that makes vectors; expected another, or: changeling embed --model "
                        + ShellWord.of(model));
        };
    }

    /** Returns what may come with a text. */
    Service.@Nullable Companion companion();

    /** Returns a row for each text. */
    List<Map<String, Object>> of(List<TextInput> inputs);

    /**
     * Makes a row of each thing in a file.
     *
     * @param columns of the texts, in tables
     * @param chunk how many are sent together
     */
    void read(Path file, List<String> columns, int chunk, Consumer<Map<String, Object>> rows) throws IOException;

    /** Returns a row for a person. */
    String line(Map<String, Object> row);

    /** Returns a value of a row that is a number. */
    static double number(Map<String, Object> row, String name) {
        return row.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    @Override
    void close();
}
