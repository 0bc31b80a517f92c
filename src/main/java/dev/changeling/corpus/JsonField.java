package dev.changeling.corpus;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A field of a JSON object.
 *
 * @param kind what its value is
 * @param values the value of a string, number or boolean as it is written, unescaped; those of an array of such; none
 *     for anything else
 */
public record JsonField(Kind kind, List<String> values) {

    /** What a field's value is, as far as a reader of texts and labels cares. */
    public enum Kind {
        STRING("a string"),
        NUMBER("a number"),
        BOOLEAN("a boolean"),
        /** An array of strings, numbers and booleans. */
        ARRAY("an array"),
        NESTED_ARRAY("an array of arrays, objects or nulls"),
        OBJECT("an object"),
        NULL("null");

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        /** Returns what it is, for messages: {@code a string}. */
        public String description() {
            return description;
        }

        private boolean isScalar() {
            return this == STRING || this == NUMBER || this == BOOLEAN;
        }

        static Kind of(JsonToken value) {
            return switch (value) {
                case VALUE_STRING -> STRING;
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> NUMBER;
                case VALUE_TRUE, VALUE_FALSE -> BOOLEAN;
                case START_ARRAY -> ARRAY;
                case START_OBJECT -> OBJECT;
                default -> NULL;
            };
        }
    }

    public JsonField {
        values = List.copyOf(values);
    }

    /** Reads the value that a parser stands at, and leaves the parser at its end. */
    static JsonField read(JsonParser parser, JsonToken value) {
        Kind kind = Kind.of(value);
        if (kind.isScalar()) {
            return new JsonField(kind, List.of(parser.getString()));
        }
        if (kind != Kind.ARRAY) {
            parser.skipChildren();
            return new JsonField(kind, List.of());
        }
        List<String> values = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (Kind.of(token).isScalar()) {
                values.add(parser.getString());
            } else {
                parser.skipChildren();
                kind = Kind.NESTED_ARRAY;
            }
        }
        return new JsonField(kind, kind == Kind.ARRAY ? values : List.of());
    }
}
