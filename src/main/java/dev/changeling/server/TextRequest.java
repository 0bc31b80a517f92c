package dev.changeling.server;

import dev.changeling.server.Service.Companion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of a request: {@code {"texts": ["...", "..."]}} or {@code {"text": "..."}}. Where something may come with a
 * text, {@code {"text": "...", "question": "..."}} stands for both, also in the list.
 *
 * @param companion what may come with a text
 */
record TextRequest(Limits limits, @Nullable Companion companion) {
    private static final String TEXTS = "texts";
    private static final String TEXT = "text";

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Returns a request's texts.
     *
     * @throws Refusal if the body is something else, or more than the limits allow
     */
    List<TextInput> read(byte[] body) {
        JsonNode root = parse(body);
        if (!root.isObject()) {
            throw Refusal.badRequest("found " + kind(root) + "; " + expected());
        }
        if (!Set.copyOf(root.propertyNames()).equals(Set.of(TEXTS))) {
            return List.of(input(root, "", expected()));
        }
        JsonNode given = root.path(TEXTS);
        if (!given.isArray()) {
            throw Refusal.badRequest("texts is " + kind(given) + ", expected a list of " + expectedInList("strings"));
        }
        if (given.size() > limits.texts()) {
            throw Refusal.tooLarge(given.size() + " texts; at most " + limits.texts() + " fit a request");
        }
        List<TextInput> inputs = new ArrayList<>();
        for (JsonNode one : given) {
            String name = TEXTS + "[" + inputs.size() + "]";
            inputs.add(companion == null ? TextInput.of(string(one, name)) : inputInList(one, name));
        }
        return inputs;
    }

    private TextInput inputInList(JsonNode node, String name) {
        if (node.isString() && companion != null && !companion.isRequired()) {
            return TextInput.of(string(node, name));
        }
        if (!node.isObject()) {
            throw Refusal.badRequest(name + " is " + kind(node) + ", expected " + expectedInList("a string"));
        }
        return input(node, name, "expected " + expectedInList("a string"));
    }

    /**
     * Reads an object that stands for a text.
     *
     * @param name of the object, for messages; empty for the body itself
     */
    private TextInput input(JsonNode node, String name, String otherwise) {
        Set<String> keys = new TreeSet<>(node.propertyNames());
        String second = companion != null && (companion.isRequired() || keys.contains(companion.name()))
                ? companion.name()
                : null;
        if (!keys.equals(second == null ? Set.of(TEXT) : Set.of(TEXT, second))) {
            String where = name.isEmpty() ? "" : name + ": ";
            throw Refusal.badRequest(where + "found the keys " + shortened(keys.toString()) + "; " + otherwise);
        }
        String within = name.isEmpty() ? "" : name + ".";
        return new TextInput(
                string(node.path(TEXT), within + TEXT),
                second == null ? null : string(node.path(second), within + second));
    }

    private String expected() {
        boolean isPlain = companion == null || !companion.isRequired();
        return "expected {\"texts\": [" + (isPlain ? "\"...\"" : form()) + ", ...]} or "
                + (isPlain ? "{\"text\": \"...\"}" : form())
                + (companion != null && isPlain ? " or " + form() : "");
    }

    /** @param strings in words: one or several */
    private String expectedInList(String strings) {
        return companion == null ? strings : companion.isRequired() ? form() : strings + " or " + form();
    }

    private String form() {
        return companion == null ? "{\"text\": \"...\"}" : "{\"text\": \"...\", \"" + companion.name() + "\": \"...\"}";
    }

    private String string(JsonNode node, String name) {
        if (!node.isString()) {
            throw Refusal.badRequest(name + " is " + kind(node) + ", expected a string");
        }
        String text = node.stringValue();
        if (text.length() > limits.characters()) {
            throw Refusal.tooLarge(
                    name + " has " + text.length() + " characters; at most " + limits.characters() + " are taken");
        }
        int lone = loneSurrogate(text);
        if (lone >= 0) {
            throw Refusal.badRequest(name + " has half a surrogate pair at character " + lone);
        }
        return text;
    }

    /** JSON's escapes can spell what is no Unicode text. */
    private static int loneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    private JsonNode parse(byte[] body) {
        JsonNode root;
        try {
            root = STRICT.readTree(body);
        } catch (JacksonException e) {
            TokenStreamLocation place = e.getLocation();
            String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
            throw Refusal.badRequest("not JSON" + where + ": " + shortened(String.valueOf(e.getOriginalMessage())));
        }
        if (root.isMissingNode()) {
            throw Refusal.badRequest("the body is empty; " + expected());
        }
        return root;
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            default -> "null";
        };
    }

    private static String shortened(String message) {
        int most = 200;
        String line = message.lines().findFirst().orElse("");
        return line.length() <= most ? line : line.substring(0, most) + " …";
    }
}
