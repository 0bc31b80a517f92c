package dev.changeling.tokenizer;

import dev.changeling.error.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A {@code tokenizer.json} that describes BERT's WordPiece, and so one that {@link WordPieceTokenizer} can stand for.
 */
final class BertTokenizerJson {
    private BertTokenizerJson() {}

    /** Returns whether {@link WordPieceTokenizer} gives the same ids as the tokenizer that this describes. */
    static boolean isBert(JsonNode json) {
        JsonNode model = json.path("model");
        JsonNode normalizer = json.path("normalizer");
        return is(model, "type", "WordPiece")
                && is(model, "unk_token", BertSpecialTokens.UNKNOWN)
                && is(model, "continuing_subword_prefix", TokenTrie.CONTINUATION_PREFIX)
                && model.path("max_input_chars_per_word").asInt(WordPieceTokenizer.MAXIMUM_WORD_LENGTH)
                        == WordPieceTokenizer.MAXIMUM_WORD_LENGTH
                && is(normalizer, "type", "BertNormalizer")
                && normalizer.path("clean_text").asBoolean(true)
                && normalizer.path("handle_chinese_chars").asBoolean(true)
                && is(json.path("pre_tokenizer"), "type", "BertPreTokenizer")
                && hasOnlyBertsAddedTokens(json);
    }

    static WordPieceTokenizer open(JsonNode json, Path file) {
        List<String> tokens = TokenizerJsonTokens.of(json, file);
        return new WordPieceTokenizer(
                Vocabulary.of(tokens, file.toString()),
                normalization(json.path("normalizer"), "lowercase", "normalizer.lowercase", file));
    }

    /** Returns what a {@code tokenizer_config.json} says of case and accents. */
    static BertNormalization normalizationOfConfig(JsonNode config, Path file) {
        return normalization(config, "do_lower_case", "do_lower_case", file);
    }

    private static BertNormalization normalization(JsonNode json, String lowercaseKey, String fullKey, Path file) {
        // true is the default of Hugging Face's BERT tokenizers, slow and fast.
        JsonNode lowercase = json.path(lowercaseKey);
        if (!lowercase.isMissingNode() && !lowercase.isBoolean()) {
            throw new InputException(
                    String.format(Locale.ROOT, "%s: key %s: %s; expected true or false", file, fullKey, lowercase));
        }
        boolean lower = lowercase.asBoolean(true);
        JsonNode accents = json.path("strip_accents");
        return new BertNormalization(lower, accents.isBoolean() ? accents.asBoolean() : lower);
    }

    private static boolean hasOnlyBertsAddedTokens(JsonNode json) {
        for (JsonNode added : json.path("added_tokens")) {
            if (!BertSpecialTokens.NAMES.contains(added.path("content").asString(""))
                    || added.path("single_word").asBoolean(false)
                    || added.path("lstrip").asBoolean(false)
                    || added.path("rstrip").asBoolean(false)) {
                return false;
            }
        }
        return true;
    }

    private static boolean is(JsonNode node, String key, String value) {
        return node.path(key).asString("").equals(value);
    }
}
