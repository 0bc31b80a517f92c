package dev.changeling.hub;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object of settings that somebody else wrote: keys that aren't asked for are let be. */
final class JsonSettings {
    private static final JsonMapper JSON = JsonMapper.builder().build();

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
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new InputException(String.format(Locale.ROOT, "%s: no such file; expected %s", file, expected), e);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } catch (JacksonException e) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s: line %d: not JSON; expected %s",
                            file,
                            e.getLocation().getLineNr(),
                            expected),
                    e);
        }
        if (!root.isObject()) {
            throw new InputException(String.format(Locale.ROOT, "%s: not a JSON object; expected %s", file, expected));
        }
        return new JsonSettings(file, root);
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
        if (!root.hasNonNull(key)) {
            return fallback;
        }
        JsonNode node = root.get(key);
        if (!node.isNumber() || node.doubleValue() < 0) {
            throw wrong(key, "a number from 0");
        }
        return node.doubleValue();
    }

    /**
     * Returns an object of texts, in its order.
     *
     * @throws InputException if the key is missing or its value is anything else
     */
    Map<String, String> texts(String key) {
        JsonNode node = root.path(key);
        if (!node.isObject() || !node.valueStream().allMatch(JsonNode::isString)) {
            throw new InputException(String.format(Locale.ROOT, "%s: %s: expected an object of file names", file, key));
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

    private InputException wrong(String key, String expected) {
        JsonNode node = root.path(key);
        return new InputException(String.format(
                Locale.ROOT, "%s: %s: %s; expected %s", file, key, node.isMissingNode() ? "missing" : node, expected));
    }
}
