package dev.changeling.cli;

import dev.changeling.error.UsageException;
import dev.changeling.inference.AnswerReader;
import dev.changeling.server.Service;
import dev.changeling.server.TextInput;
import dev.changeling.task.FoundAnswer;
import dev.changeling.task.Question;
import dev.changeling.task.SquadReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers to questions.
 *
 * @param reader what is asked
 * @param noneThreshold by how much there being no answer must be the likelier, to be said
 */
record AnswerPredictions(AnswerReader reader, double noneThreshold) implements Predictions {

    /** @param noneThreshold null for what was not asked for */
    static AnswerPredictions open(Path model, @Nullable Double noneThreshold) throws IOException {
        AnswerReader reader = AnswerReader.load(model);
        if (noneThreshold != null && !reader.mayBeNone()) {
            reader.close();
            throw new UsageException("--none-threshold: " + model + " has not learnt that there may be no answer");
        }
        return new AnswerPredictions(reader, noneThreshold == null ? 0 : noneThreshold);
    }

    @Override
    public Service.Companion companion() {
        return new Service.Companion("question", "What is asked of the text.", true);
    }

    @Override
    public List<Map<String, Object>> of(List<TextInput> inputs) {
        return inputs.stream()
                .map(input -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("text", input.text());
                    row.putAll(row("", Objects.requireNonNull(input.companion()), input.text()));
                    return row;
                })
                .toList();
    }

    private Map<String, Object> row(String id, String asked, String context) {
        FoundAnswer found = reader.answer(asked, context, noneThreshold);
        Map<String, Object> row = new LinkedHashMap<>();
        if (!id.isEmpty()) {
            row.put("id", id);
        }
        row.put("question", asked);
        row.put("answer", found.text());
        row.put("start", found.start());
        row.put("end", found.end());
        row.put("score", found.score() - found.noneScore());
        return row;
    }

    @Override
    public void read(Path file, List<String> columns, int chunk, Consumer<Map<String, Object>> rows)
            throws IOException {
        try (SquadReader squad = SquadReader.open(file, false)) {
            for (Question asked = squad.next(); asked != null; asked = squad.next()) {
                rows.accept(row(asked.id(), asked.question(), asked.context()));
            }
        }
    }

    /** Returns the answer, and how far its score is above that of there being none. */
    @Override
    public String line(Map<String, Object> row) {
        return String.format(
                Locale.ROOT,
                "%+7.2f  %s",
                Predictions.number(row, "score"),
                "".equals(row.get("answer")) ? "(no answer)" : row.get("answer"));
    }

    @Override
    public void close() {
        reader.close();
    }
}
