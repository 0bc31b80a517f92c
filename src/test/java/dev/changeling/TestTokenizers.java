package dev.changeling;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Little {@code tokenizer.json} files whose special tokens are {@link TestConfigs#SPECIAL}. */
public final class TestTokenizers {
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private TestTokenizers() {}

    /**
     * Writes byte-level BPE as GPT-2's: a space is written at the beginning of the word behind it, and none before the
     * first word.
     *
     * @param words that are one token after a space
     * @param pieces all other tokens, of one character each
     */
    public static Path byteLevel(Path file, List<String> words, List<String> pieces) throws IOException {
        Set<String> tokens = new LinkedHashSet<>(SPECIAL);
        tokens.add("\u0120");
        tokens.addAll(pieces);
        Set<List<String>> merges = new LinkedHashSet<>();
        for (String word : words) {
            for (int i = 0; i < word.length(); i++) {
                String left = "\u0120" + word.substring(0, i);
                String right = word.substring(i, i + 1);
                tokens.add(right);
                tokens.add(left + right);
                merges.add(List.of(left, right));
            }
        }
        Map<String, Integer> ids = new LinkedHashMap<>();
        tokens.forEach(token -> ids.put(token, ids.size()));
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("unk_token", "[UNK]");
        model.put("vocab", ids);
        model.put("merges", merges.stream().map(pair -> String.join(" ", pair)).toList());
        return write(file, model, Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true));
    }

    /**
     * Writes a Unigram tokenizer as SentencePiece's: every word's beginning is marked, the first one's too.
     *
     * @param words that are one token at the beginning of a word
     * @param pieces all other tokens
     */
    public static Path sentencePiece(Path file, List<String> words, List<String> pieces) throws IOException {
        List<Object> tokens = new ArrayList<>();
        SPECIAL.forEach(token -> tokens.add(List.of(token, 0.0)));
        tokens.add(List.of("\u2581", -9.0));
        words.forEach(word -> tokens.add(List.of("\u2581" + word, -5.0)));
        pieces.forEach(piece -> tokens.add(List.of(piece, -9.0)));
        return write(
                file,
                Map.of("type", "Unigram", "unk_id", TestConfigs.SPECIAL.unknown(), "vocab", tokens),
                Map.of("type", "Metaspace", "replacement", "\u2581", "prepend_scheme", "always", "split", true));
    }

    /** Writes a tokenizer that knows whole words only. */
    public static Path wordLevel(Path file, List<String> words) throws IOException {
        Map<String, Integer> ids = new LinkedHashMap<>();
        SPECIAL.forEach(token -> ids.put(token, ids.size()));
        words.forEach(token -> ids.put(token, ids.size()));
        return write(
                file, Map.of("type", "WordLevel", "unk_token", "[UNK]", "vocab", ids), Map.of("type", "Whitespace"));
    }

    private static Path write(Path file, Map<String, Object> model, Map<String, Object> preTokenizer)
            throws IOException {
        List<Object> added = new ArrayList<>();
        for (String token : SPECIAL) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("id", added.size());
            entry.put("content", token);
            entry.put("special", true);
            for (String no : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                entry.put(no, false);
            }
            added.add(entry);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put("added_tokens", added);
        json.put("pre_tokenizer", preTokenizer);
        json.put("model", model);
        return Files.writeString(file, JsonMapper.shared().writeValueAsString(json), UTF_8);
    }
}
