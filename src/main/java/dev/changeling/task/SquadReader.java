package dev.changeling.task;

import dev.changeling.corpus.JsonFailure;
import dev.changeling.corpus.Utf8Reader;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The questions of a file in the format of SQuAD 1.1 or 2.0, read an article at a time: JSON, plain, .gz or .zst, in
 * UTF-8. Not safe for use by several threads.
 *
 * <pre>{@code
 * {"data": [{"title": …, "paragraphs": [{"context": …, "qas": [{
 *     "id": …, "question": …, "is_impossible": false, "answers": [{"text": …, "answer_start": 17}]}]}]}]}
 * }</pre>
 *
 * <p>{@code is_impossible}, of SQuAD 2.0 only, may be absent; {@code answer_start} counts Unicode code points from the
 * start of the context. Other keys are let be. The format is that of Rajpurkar et al., <i>SQuAD: 100,000+ Questions for
 * Machine Comprehension of Text</i> (2016) and <i>Know What You Don't Know</i> (2018).
 */
public final class SquadReader implements Closeable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final JsonParser parser;
    private final SquadArticles articles;
    private final Queue<Question> questions = new ArrayDeque<>();
    private int articlesRead;
    private boolean started;
    private boolean ended;

    private SquadReader(Path file, JsonParser parser, boolean answered) {
        this.file = file;
        this.parser = parser;
        this.articles = new SquadArticles(file.toString(), answered);
    }

    /**
     * Opens a file.
     *
     * @param answered whether answers are needed, as to train and to score; otherwise they are not looked at
     * @throws InputException if it is missing or can't be read
     */
    public static SquadReader open(Path file, boolean answered) {
        return new SquadReader(file, JSON.createParser(Utf8Reader.open(file)), answered);
    }

    /**
     * Reads all questions of a file.
     *
     * @throws InputException as {@link #open} and {@link #next}
     */
    public static List<Question> readAll(Path file, boolean answered) {
        try (SquadReader reader = open(file, answered)) {
            List<Question> questions = new ArrayList<>();
            for (Question question = reader.next(); question != null; question = reader.next()) {
                questions.add(question);
            }
            return questions;
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    /**
     * Returns the next question, or null at the end.
     *
     * @throws InputException if the file is no valid JSON, lacks a key, an answer does not stand at its place, an id
     *     stands twice, or if there is no question at all
     */
    public @Nullable Question next() throws IOException {
        try {
            while (questions.isEmpty() && !ended) {
                readArticle();
            }
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException unreadable) {
                throw unreadable;
            }
            TokenStreamLocation place = e.getLocation();
            String where = place == null ? "" : ", line " + place.getLineNr() + ", column " + place.getColumnNr();
            throw new InputException(file + where + ": no valid JSON: " + JsonFailure.reason(e), e);
        }
        Question question = questions.poll();
        if (question == null && articles.isEmpty()) {
            throw new InputException(file + ": no questions in \"data\"; expected at least one");
        }
        return question;
    }

    private void readArticle() {
        if (!started) {
            enterData();
            started = true;
        }
        if (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode article = JSON.readTree(parser);
            questions.addAll(articles.questions(article, "data[" + articlesRead + "]"));
            articlesRead++;
            return;
        }
        ended = true;
        // What follows must still be JSON: a file that was cut off is noticed.
        while (parser.nextToken() != null) {
            parser.skipChildren();
        }
    }

    private void enterData() {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new InputException(file + ": not a JSON object; expected {\"data\": [...]}, as in SQuAD");
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("data")) {
                if (value != JsonToken.START_ARRAY) {
                    throw new InputException(file + ": \"data\" is not an array; expected one of articles");
                }
                return;
            }
            parser.skipChildren();
        }
        throw new InputException(file + ": no key \"data\"; expected {\"data\": [...]}, as in SQuAD");
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
