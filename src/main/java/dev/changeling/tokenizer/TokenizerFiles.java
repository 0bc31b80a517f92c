package dev.changeling.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files by which Hugging Face's {@code AutoTokenizer}, and {@link Tokenizers#load}, open a WordPiece tokenizer:
 * {@code vocab.txt}, {@code tokenizer.json}, {@code tokenizer_config.json} and {@code special_tokens_map.json}.
 */
public final class TokenizerFiles {
    static final String VOCABULARY = "vocab.txt";
    static final String TOKENIZER = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";
    static final String SPECIAL_TOKENS = "special_tokens_map.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private TokenizerFiles() {}

    /**
     * Writes all four files.
     *
     * @param folder made if it does not exist
     * @param normalization what the vocabulary was made with
     * @param maximumLength how many tokens a sequence may have, [CLS] and [SEP] included
     */
    public static void write(Path folder, Vocabulary vocabulary, BertNormalization normalization, int maximumLength)
            throws IOException {
        Files.createDirectories(folder);
        vocabulary.save(folder.resolve(VOCABULARY));
        write(folder.resolve(TOKENIZER), tokenizer(vocabulary, normalization));
        write(folder.resolve(CONFIG), config(normalization, maximumLength));
        write(folder.resolve(SPECIAL_TOKENS), specialTokensByRole());
    }

    private static void write(Path file, Object json) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(json) + "\n", StandardCharsets.UTF_8);
    }

    private static Map<String, @Nullable Object> tokenizer(Vocabulary vocabulary, BertNormalization normalization) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put("truncation", null);
        json.put("padding", null);
        json.put(
                "added_tokens",
                BertSpecialTokens.NAMES.stream()
                        .sorted((a, b) -> Integer.compare(vocabulary.id(a), vocabulary.id(b)))
                        .map(name -> addedToken(name, vocabulary.id(name)))
                        .toList());
        json.put("normalizer", normalizer(normalization));
        json.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        json.put("post_processor", template(vocabulary.special()));
        json.put("decoder", ordered("type", "WordPiece", "prefix", TokenTrie.CONTINUATION_PREFIX, "cleanup", true));
        json.put("model", model(vocabulary));
        return json;
    }

    private static Map<String, @Nullable Object> addedToken(String name, int id) {
        return ordered(
                "id",
                id,
                "content",
                name,
                "single_word",
                false,
                "lstrip",
                false,
                "rstrip",
                false,
                "normalized",
                false,
                "special",
                true);
    }

    private static Map<String, @Nullable Object> normalizer(BertNormalization normalization) {
        return ordered(
                "type",
                "BertNormalizer",
                "clean_text",
                true,
                "handle_chinese_chars",
                true,
                "strip_accents",
                explicitStripAccents(normalization),
                "lowercase",
                normalization.lowercase());
    }

    private static Map<String, @Nullable Object> template(SpecialTokens special) {
        Map<String, @Nullable Object> classify = templateToken(BertSpecialTokens.CLASSIFY);
        Map<String, @Nullable Object> separator = templateToken(BertSpecialTokens.SEPARATOR);
        Map<String, @Nullable Object> secondSeparator =
                ordered("SpecialToken", ordered("id", BertSpecialTokens.SEPARATOR, "type_id", 1));
        Map<String, @Nullable Object> first = ordered("Sequence", ordered("id", "A", "type_id", 0));
        Map<String, @Nullable Object> second = ordered("Sequence", ordered("id", "B", "type_id", 1));
        return ordered(
                "type",
                "TemplateProcessing",
                "single",
                List.of(classify, first, separator),
                "pair",
                List.of(classify, first, separator, second, secondSeparator),
                "special_tokens",
                ordered(
                        BertSpecialTokens.CLASSIFY,
                        templateIds(BertSpecialTokens.CLASSIFY, special.classify()),
                        BertSpecialTokens.SEPARATOR,
                        templateIds(BertSpecialTokens.SEPARATOR, special.separator())));
    }

    private static Map<String, @Nullable Object> templateToken(String name) {
        return ordered("SpecialToken", ordered("id", name, "type_id", 0));
    }

    private static Map<String, @Nullable Object> templateIds(String name, int id) {
        return ordered("id", name, "ids", List.of(id), "tokens", List.of(name));
    }

    private static Map<String, @Nullable Object> model(Vocabulary vocabulary) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            ids.put(vocabulary.token(id), id);
        }
        return ordered(
                "type",
                "WordPiece",
                "unk_token",
                BertSpecialTokens.UNKNOWN,
                "continuing_subword_prefix",
                TokenTrie.CONTINUATION_PREFIX,
                "max_input_chars_per_word",
                WordPieceTokenizer.MAXIMUM_WORD_LENGTH,
                "vocab",
                ids);
    }

    private static Map<String, @Nullable Object> config(BertNormalization normalization, int maximumLength) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("tokenizer_class", "ElectraTokenizer");
        json.put("do_lower_case", normalization.lowercase());
        json.put("strip_accents", explicitStripAccents(normalization));
        json.put("tokenize_chinese_chars", true);
        json.put("model_max_length", maximumLength);
        json.putAll(specialTokensByRole());
        return json;
    }

    private static Map<String, @Nullable Object> specialTokensByRole() {
        return ordered(
                "cls_token",
                BertSpecialTokens.CLASSIFY,
                "mask_token",
                BertSpecialTokens.MASK,
                "pad_token",
                BertSpecialTokens.PADDING,
                "sep_token",
                BertSpecialTokens.SEPARATOR,
                "unk_token",
                BertSpecialTokens.UNKNOWN);
    }

    /** Returns null where accents go with the case, as BERT's own files have it. */
    private static @Nullable Boolean explicitStripAccents(BertNormalization normalization) {
        return normalization.stripAccents() == normalization.lowercase() ? null : normalization.stripAccents();
    }

    private static Map<String, @Nullable Object> ordered(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }
}
