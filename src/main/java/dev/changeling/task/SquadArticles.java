package dev.changeling.task;

import dev.changeling.error.InputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Questions out of the articles of one SQuAD file, checked: keys, types, ids, and where answers stand. */
final class SquadArticles {
    /** How much of a context a message shows. */
    private static final int SHOWN = 40;

    private final String source;
    private final boolean answered;
    private final Set<String> ids = new HashSet<>();

    /**
     * @param source the file, for messages
     * @param answered whether answers are needed; otherwise they are not looked at
     */
    SquadArticles(String source, boolean answered) {
        this.source = source;
        this.answered = answered;
    }

    /** Returns whether no question was found so far. */
    boolean isEmpty() {
        return ids.isEmpty();
    }

    /** @param place where the article stands: {@code data[3]} */
    List<Question> questions(JsonNode article, String place) {
        List<Question> questions = new ArrayList<>();
        JsonNode paragraphs = array(article, place, "paragraphs");
        for (int p = 0; p < paragraphs.size(); p++) {
            String paragraph = place + ".paragraphs[" + p + "]";
            String context = text(paragraphs.get(p), paragraph, "context");
            JsonNode asked = array(paragraphs.get(p), paragraph, "qas");
            for (int q = 0; q < asked.size(); q++) {
                questions.add(question(asked.get(q), paragraph + ".qas[" + q + "]", context));
            }
        }
        return questions;
    }

    private Question question(JsonNode node, String place, String context) {
        String id = text(node, place, "id");
        if (!ids.add(id)) {
            throw bad(place, "id \"" + id + "\" stands twice; expected another for each question");
        }
        String question = text(node, place, "question");
        boolean impossible = false;
        JsonNode said = node.get("is_impossible");
        if (said != null) {
            if (!said.isBoolean()) {
                throw wrong(place, "is_impossible", said, "true or false");
            }
            impossible = said.booleanValue();
        }
        List<Answer> answers = answered ? answers(node, place, context, impossible) : List.of();
        return new Question(source, id, question, context, answers, impossible);
    }

    private List<Answer> answers(JsonNode node, String place, String context, boolean impossible) {
        JsonNode given = array(node, place, "answers");
        if (given.isEmpty() != impossible) {
            throw bad(
                    place,
                    impossible
                            ? given.size() + " answers, and \"is_impossible\"; expected none"
                            : "no answers; expected some, or \"is_impossible\": true");
        }
        List<Answer> answers = new ArrayList<>();
        for (int a = 0; a < given.size(); a++) {
            answers.add(answer(given.get(a), place + ".answers[" + a + "]", context));
        }
        return answers;
    }

    private Answer answer(JsonNode node, String place, String context) {
        String text = text(node, place, "text");
        JsonNode offset = value(node, place, "answer_start");
        if (!offset.isIntegralNumber() || !offset.canConvertToInt()) {
            throw wrong(place, "answer_start", offset, "a whole number");
        }
        int codePoints = offset.intValue();
        int length = context.codePointCount(0, context.length());
        if (codePoints < 0 || codePoints >= length) {
            throw bad(
                    place,
                    String.format(
                            Locale.ROOT,
                            "\"answer_start\" is %d; expected 0 to %d, within the context",
                            codePoints,
                            length - 1));
        }
        int start = context.offsetByCodePoints(0, codePoints);
        if (!context.startsWith(text, start)) {
            String there = context.substring(start, Math.min(context.length(), start + text.length()));
            throw bad(
                    place,
                    String.format(
                            Locale.ROOT,
                            "\"answer_start\" is %d, where the context has \"%s\"; expected the answer \"%s\"",
                            codePoints,
                            shown(there),
                            shown(text)));
        }
        return new Answer(text, start);
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\s", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }

    private String text(JsonNode node, String place, String key) {
        JsonNode value = value(node, place, key);
        if (!value.isString()) {
            throw wrong(place, key, value, "a string");
        }
        if (value.stringValue().isBlank()) {
            throw bad(place, "\"" + key + "\" is empty; expected text");
        }
        return value.stringValue();
    }

    private JsonNode array(JsonNode node, String place, String key) {
        JsonNode value = value(node, place, key);
        if (!value.isArray()) {
            throw wrong(place, key, value, "an array");
        }
        return value;
    }

    private JsonNode value(JsonNode node, String place, String key) {
        if (!node.isObject()) {
            throw bad(place, type(node) + "; expected an object with the key \"" + key + "\"");
        }
        JsonNode value = node.get(key);
        if (value == null) {
            throw bad(
                    place,
                    "no key \"" + key + "\"; "
                            + (node.isEmpty()
                                    ? "the object is empty"
                                    : "found " + String.join(", ", node.propertyNames())));
        }
        return value;
    }

    private InputException wrong(String place, String key, JsonNode value, String expected) {
        return bad(place, "\"" + key + "\" is " + type(value) + "; expected " + expected);
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NUMBER -> value.isIntegralNumber() ? "a whole number" : "a number";
            case BOOLEAN -> "a boolean";
            default -> "null";
        };
    }

    private InputException bad(String place, String what) {
        return new InputException(source + ": " + place + ": " + what);
    }
}
