package dev.changeling.tokenizer;

import dev.changeling.error.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The tokens of a {@code tokenizer.json} by id: those of its model and those added to it. */
final class TokenizerJsonTokens {
    private TokenizerJsonTokens() {}

    /** @throws InputException if an id is out of range or has no token */
    static List<String> of(JsonNode json, Path file) {
        JsonNode vocabulary = json.path("model").path("vocab");
        @Nullable String[] tokens = new String[vocabulary.size()];
        if (vocabulary.isObject()) {
            for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
                tokens = put(tokens, entry.getValue(), entry.getKey(), file);
            }
        } else if (vocabulary.isArray()) {
            // Unigram: pairs of token and score, in the order of the ids.
            for (int id = 0; id < vocabulary.size(); id++) {
                tokens[id] = vocabulary.path(id).path(0).asString("");
            }
        } else {
            throw new InputException(file + ": key model.vocab: missing; expected a tokenizer.json with a vocabulary");
        }
        for (JsonNode added : json.path("added_tokens")) {
            tokens = put(tokens, added.path("id"), added.path("content").asString(""), file);
        }
        List<String> list = new ArrayList<>(tokens.length);
        for (int id = 0; id < tokens.length; id++) {
            String token = tokens[id];
            if (token == null) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: no token has id %d; expected ids from 0 to %d without a gap",
                        file,
                        id,
                        tokens.length - 1));
            }
            list.add(token);
        }
        return list;
    }

    private static @Nullable String[] put(@Nullable String[] tokens, JsonNode id, String token, Path file) {
        if (!id.isInt() || id.asInt() < 0 || id.asInt() >= Vocabulary.MAXIMUM_SIZE) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: token '%s': id %s; expected a number from 0 to %d",
                    file,
                    token,
                    id,
                    Vocabulary.MAXIMUM_SIZE - 1));
        }
        int at = id.asInt();
        @Nullable String[] roomy = at < tokens.length ? tokens : Arrays.copyOf(tokens, at + 1);
        roomy[at] = token;
        return roomy;
    }
}
