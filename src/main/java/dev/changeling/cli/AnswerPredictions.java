package dev.changeling.cli;

import dev.changeling.error.UsageException;
import dev.changeling.inference.AnswerReader;
import dev.changeling.task.FoundAnswer;
import dev.changeling.task.Question;
import dev.changeling.task.SquadReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers to questions.
 *
 * @param reader what is asked
 * @param question what is asked of each text that comes without one
 */
record AnswerPredictions(AnswerReader reader, @Nullable String question) implements Predictions {

    static AnswerPredictions open(Path model, @Nullable String question) throws IOException {
        return new AnswerPredictions(AnswerReader.load(model), question);
    }

    @Override
    public List<Map<String, Object>> of(List<String> texts) {
        String asked = question;
        if (asked == null) {
            throw new UsageException("the network finds answers; expected --question, or --input with questions");
        }
        return texts.stream().map(text -> row("", asked, text)).toList();
    }

    private Map<String, Object> row(String id, String asked, String context) {
        FoundAnswer found = reader.answer(asked, context);
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
