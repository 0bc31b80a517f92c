package dev.changeling.hub;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object of settings that somebody else wrote: keys that aren't asked for are let be. */
final class JsonSettings {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Far more than any of these files needs; what a file can make the reader allocate is bounded by its length. */
    static final int LONGEST = 8 << 20;

    private final Path file;
    private final JsonNode root;

    private JsonSettings(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * @param expected what the file should be, for messages
     * @throws InputException if there is no such file, or it is not a JSON object
     */
    static JsonSettings read(Path file, String expected) throws IOException {
        return of(file, parse(file, expected), expected);
    }

    /**
     * Reads a list of such objects.
     *
     * @param expected what the file should be, for messages
     * @throws InputException if there is no such file, or it is not a JSON array of objects
     */
    static List<JsonSettings> readList(Path file, String expected) throws IOException {
        JsonNode root = parse(file, expected);
        if (!root.isArray()) {
            throw new InputException(String.format(Locale.ROOT, "%s: not a JSON array; expected %s", file, expected));
        }
        return root.valueStream().map(element -> of(file, element, expected)).toList();
    }

    private static JsonSettings of(Path file, JsonNode root, String expected) {
        if (!root.isObject()) {
            throw new InputException(String.format(Locale.ROOT, "%s: not a JSON object; expected %s", file, expected));
        }
        return new JsonSettings(file, root);
    }

    private static JsonNode parse(Path file, String expected) throws IOException {
        try {
            return JSON.readTree(bytes(file, expected));
        } catch (NoSuchFileException e) {
            throw new InputException(String.format(Locale.ROOT, "%s: no such file; expected %s", file, expected), e);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } catch (JacksonException e) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s: %snot JSON; expected %s",
                            file,
                            // Absent for what breaks a limit of the parser, such as its depth.
                            e.getLocation() == null
                                    ? ""
                                    : "line " + e.getLocation().getLineNr() + ": ",
                            expected),
                    e);
        }
    }

    // Not by the file's length: a device has none, and gives bytes without end.
    private static byte[] bytes(Path file, String expected) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new InputException(
                        String.format(Locale.ROOT, "%s: longer than %d bytes; expected %s", file, LONGEST, expected));
            }
            return bytes;
        }
    }

    /** Returns whether the key has a value that is not null. */
    boolean has(String key) {
        return root.hasNonNull(key);
    }

    /** @throws InputException if the key is missing, or its value is no text */
    String text(String key) {
        JsonNode node = root.path(key);
        if (!node.isString()) {
            throw wrong(key, "a text");
        }
        return node.stringValue();
    }

    /** Returns a switch that may be missing or null; {@code fallback} then. */
    boolean flag(String key, boolean fallback) {
        if (!root.hasNonNull(key)) {
            return fallback;
        }
        JsonNode node = root.get(key);
        if (!node.isBoolean()) {
            throw wrong(key, "true or false");
        }
        return node.booleanValue();
    }

    /** @throws InputException if the key doesn't have this value */
    void require(String key, String value) {
        JsonNode node = root.path(key);
        if (!node.isString() || !node.stringValue().equals(value)) {
            throw wrong(key, "\"" + value + "\"");
        }
    }

    /** @throws InputException if the key has another value */
    void requireOrAbsent(String key, String value) {
        if (root.hasNonNull(key)) {
            require(key, value);
        }
    }

    /** Returns whether the value is a list of one text, this one. */
    boolean isListOf(String key, String only) {
        JsonNode node = root.path(key);
        return node.isArray()
                && node.size() == 1
                && node.get(0).isString()
                && node.get(0).stringValue().equals(only);
    }

    /** @throws InputException if the key is missing, or its value is no positive 32-bit integer */
    int positive(String key) {
        JsonNode node = root.path(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
            throw wrong(key, "a positive integer");
        }
        return node.intValue();
    }

    /** Returns a setting that may be missing or null; {@code fallback} then. */
    double number(String key, double fallback) {
        return number(key, fallback, value -> value >= 0, "a number from 0");
    }

    /** Returns a probability below 1, as {@link #number(String, double)}. */
    double probability(String key, double fallback) {
        return number(key, fallback, value -> value >= 0 && value < 1, "a number from 0 and below 1");
    }

    /** Returns a number above 0 that is finite, as {@link #number(String, double)}. */
    double positiveNumber(String key, double fallback) {
        return number(key, fallback, value -> value > 0 && Double.isFinite(value), "a number above 0");
    }

    /** Returns a 32-bit integer from 0, as {@link #number(String, double)}. */
    int integer(String key, int fallback) {
        return (int) number(
                key,
                fallback,
                value -> value >= 0 && value <= Integer.MAX_VALUE && value == Math.rint(value),
                "an integer from 0");
    }

    private double number(String key, double fallback, DoublePredicate valid, String expected) {
        if (!root.hasNonNull(key)) {
            return fallback;
        }
        JsonNode node = root.get(key);
        // An integer of hundreds of digits is no double.
        double value = node.isNumber() ? node.doubleValue(Double.NaN) : Double.NaN;
        if (!valid.test(value)) {
            throw wrong(key, expected);
        }
        return value;
    }

    /**
     * Returns an object of texts, in its order.
     *
     * @throws InputException if the key is missing or its value is anything else
     */
    Map<String, String> texts(String key) {
        return texts(key, "an object of file names");
    }

    /** @param expected what the value should be, for the message */
    Map<String, String> texts(String key, String expected) {
        JsonNode node = root.path(key);
        if (!node.isObject() || !node.valueStream().allMatch(JsonNode::isString)) {
            throw new InputException(String.format(Locale.ROOT, "%s: %s: expected %s", file, key, expected));
        }
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties()
                .forEach(property ->
                        texts.put(property.getKey(), property.getValue().stringValue()));
        return texts;
    }

    /**
     * Returns which of several things a text names.
     *
     * @throws InputException if the key is missing, or names none of them
     */
    <T> T oneOf(String key, Map<String, T> choices) {
        JsonNode node = root.path(key);
        T chosen = node.isString() ? choices.get(node.stringValue()) : null;
        if (chosen == null) {
            throw wrong(
                    key, choices.keySet().stream().map(name -> '"' + name + '"').collect(Collectors.joining(" or ")));
        }
        return chosen;
    }

    /**
     * Returns which of several things the only text of a list names.
     *
     * @throws InputException if the key is missing, or its value is anything else
     */
    <T> T oneOfLists(String key, Map<String, T> choices) {
        for (Map.Entry<String, T> choice : choices.entrySet()) {
            if (isListOf(key, choice.getKey())) {
                return choice.getValue();
            }
        }
        throw wrong(
                key, choices.keySet().stream().map(name -> "[\"" + name + "\"]").collect(Collectors.joining(" or ")));
    }

    private InputException wrong(String key, String expected) {
        JsonNode node = root.path(key);
        return new InputException(String.format(
                Locale.ROOT, "%s: %s: %s; expected %s", file, key, node.isMissingNode() ? "missing" : node, expected));
    }
}
