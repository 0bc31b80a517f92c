package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Documents of a .jsonl file: a field of one JSON object a line. Empty lines and empty texts are passed over. */
final class JsonLinesDocuments implements DocumentReader {
    /** How many field names a message lists. */
    private static final int NAMES_SHOWN = 20;

    private final String source;
    private final LineReader lines;
    private final String field;
    private final JsonFactory json;

    JsonLinesDocuments(String source, LineReader lines, String field, int maximumLength) {
        this.source = source;
        this.lines = lines;
        this.field = field;
        this.json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(maximumLength)
                        .build())
                .build();
    }

    @Override
    public @Nullable Document next() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isBlank()) {
                return new Document(source, lines.line(), text(line));
            }
        }
        return null;
    }

    private String text(String line) {
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), line)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw bad("found " + describe(first) + "; expected a JSON object");
            }
            String text = null;
            List<String> names = new ArrayList<>();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (!name.equals(field)) {
                    names.add(name);
                    parser.skipChildren();
                } else if (text != null) {
                    throw bad("field \"" + field + "\" stands twice; expected it once");
                } else if (value == JsonToken.VALUE_STRING) {
                    text = parser.getString();
                } else {
                    throw bad("field \"" + field + "\" is " + describe(value) + "; expected a string");
                }
            }
            if (parser.nextToken() != null) {
                throw bad("something follows the JSON object; expected one object a line");
            }
            if (text == null) {
                String shown = String.join(", ", names.subList(0, Math.min(names.size(), NAMES_SHOWN)));
                throw bad(
                        "no field \"" + field + "\"; " + (names.isEmpty() ? "the object is empty" : "found " + shown));
            }
            return text;
        } catch (JacksonException e) {
            String message = e.getOriginalMessage().lines().findFirst().orElse("");
            // What follows tells of Jackson's settings, not of the line.
            String reason = message.replaceFirst(" \\(start marker at .*", "");
            TokenStreamLocation place = e.getLocation();
            String column = place == null ? "" : ", column " + place.getColumnNr();
            throw new InputException(source + ", line " + lines.line() + column + ": no valid JSON: " + reason, e);
        }
    }

    private InputException bad(String what) {
        return new InputException(source + ", line " + lines.line() + ": " + what);
    }

    private static String describe(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> token.name();
        };
    }

    @Override
    public long invalidUtf8() {
        return lines.malformed();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
