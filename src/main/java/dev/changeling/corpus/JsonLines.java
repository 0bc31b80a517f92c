package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON objects of a .jsonl file, one a line, each with the fields that are asked for. Empty lines are passed over.
 * Not safe for use by several threads.
 */
public final class JsonLines implements Closeable {
    /** How many field names a message lists. */
    private static final int NAMES_SHOWN = 20;

    private final String source;
    private final LineReader lines;
    private final Set<String> fields;
    private final JsonFactory json;

    /**
     * @param source what is read, for messages
     * @param fields what every object must have, once
     * @param maximumLength of a string, in UTF-16 units
     */
    public JsonLines(String source, LineReader lines, Set<String> fields, int maximumLength) {
        this.source = source;
        this.lines = lines;
        // In their order, so that of two fields that are missing the same one is named each time.
        this.fields = Collections.unmodifiableSet(new LinkedHashSet<>(fields));
        this.json = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(maximumLength)
                        .build())
                .build();
    }

    /** Returns the line, from 1, of the object that was returned last. */
    public long line() {
        return lines.line();
    }

    /**
     * Returns the fields of the next object that are asked for, all of them, or null at the end.
     *
     * @throws InputException if a line is no JSON object, or lacks one of the fields or has it twice
     */
    public @Nullable Map<String, JsonField> next() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isBlank()) {
                return object(line);
            }
        }
        return null;
    }

    private Map<String, JsonField> object(String line) {
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), line)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                String found =
                        first == null ? "nothing" : JsonField.Kind.of(first).description();
                throw bad("found " + found + "; expected a JSON object");
            }
            Map<String, JsonField> found = new HashMap<>();
            List<String> names = new ArrayList<>();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                names.add(name);
                if (!fields.contains(name)) {
                    parser.skipChildren();
                } else if (found.put(name, JsonField.read(parser, value)) != null) {
                    throw bad("field \"" + name + "\" stands twice; expected it once");
                }
            }
            if (parser.nextToken() != null) {
                throw bad("something follows the JSON object; expected one object a line");
            }
            for (String field : fields) {
                if (!found.containsKey(field)) {
                    String shown = String.join(", ", names.subList(0, Math.min(names.size(), NAMES_SHOWN)));
                    throw bad("no field \"" + field + "\"; "
                            + (names.isEmpty() ? "the object is empty" : "found " + shown));
                }
            }
            return found;
        } catch (JacksonException e) {
            TokenStreamLocation place = e.getLocation();
            String column = place == null ? "" : ", column " + place.getColumnNr();
            throw new InputException(
                    source + ", line " + line() + column + ": no valid JSON: " + JsonFailure.reason(e), e);
        }
    }

    /**
     * Returns a field of the object that was returned last as the string that it must be.
     *
     * @throws InputException if it is something else
     */
    public String string(String field, Map<String, JsonField> object) {
        JsonField value = Objects.requireNonNull(object.get(field), "a field that was asked for");
        if (value.kind() != JsonField.Kind.STRING) {
            throw bad("field \"" + field + "\" is " + value.kind().description() + "; expected a string");
        }
        return value.values().get(0);
    }

    /** Returns a refusal of the object that was returned last. */
    public InputException bad(String what) {
        return new InputException(source + ", line " + line() + ": " + what);
    }

    /** Returns how many malformed UTF-8 sequences were replaced so far. */
    long malformed() {
        return lines.malformed();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
