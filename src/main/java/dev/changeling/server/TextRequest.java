package dev.changeling.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of a request: {@code {"texts": ["...", "..."]}} or {@code {"text": "..."}}. */
final class TextRequest {
    private static final String TEXTS = "texts";
    private static final String TEXT = "text";
    private static final String EXPECTED = "expected {\"texts\": [\"...\", ...]} or {\"text\": \"...\"}";

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TextRequest() {}

    /**
     * Returns a request's texts.
     *
     * @throws Refusal if the body is something else, or more than the limits allow
     */
    static List<String> read(byte[] body, Limits limits) {
        JsonNode root = parse(body);
        if (!root.isObject()) {
            throw Refusal.badRequest("found " + kind(root) + "; " + EXPECTED);
        }
        Set<String> keys = new TreeSet<>(root.propertyNames());
        if (!keys.equals(Set.of(TEXTS)) && !keys.equals(Set.of(TEXT))) {
            throw Refusal.badRequest("found the keys " + shortened(keys.toString()) + "; " + EXPECTED);
        }
        JsonNode given = keys.contains(TEXT) ? root.path(TEXT) : root.path(TEXTS);
        if (keys.contains(TEXT)) {
            return List.of(text(given, TEXT, limits));
        }
        if (!given.isArray()) {
            throw Refusal.badRequest("texts is " + kind(given) + ", expected a list of strings");
        }
        if (given.size() > limits.texts()) {
            throw Refusal.tooLarge(given.size() + " texts; at most " + limits.texts() + " fit a request");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode one : given) {
            texts.add(text(one, TEXTS + "[" + texts.size() + "]", limits));
        }
        return texts;
    }

    private static String text(JsonNode node, String name, Limits limits) {
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

    private static JsonNode parse(byte[] body) {
        JsonNode root;
        try {
            root = STRICT.readTree(body);
        } catch (JacksonException e) {
            TokenStreamLocation place = e.getLocation();
            String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
            throw Refusal.badRequest("not JSON" + where + ": " + shortened(String.valueOf(e.getOriginalMessage())));
        }
        if (root.isMissingNode()) {
            throw Refusal.badRequest("the body is empty; " + EXPECTED);
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
