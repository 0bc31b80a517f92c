package dev.changeling.tokenizer;

import dev.changeling.error.InputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Special tokens by the names that BERT, or else RoBERTa and its kin, give them. */
final class SpecialTokenNames {
    private SpecialTokenNames() {}

    /** @throws InputException if one is missing */
    static SpecialTokens find(List<String> tokens, Path file) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        return new SpecialTokens(
                find(ids, BertSpecialTokens.PADDING, "<pad>", file),
                find(ids, BertSpecialTokens.UNKNOWN, "<unk>", file),
                find(ids, BertSpecialTokens.CLASSIFY, "<s>", file),
                find(ids, BertSpecialTokens.SEPARATOR, "</s>", file),
                find(ids, BertSpecialTokens.MASK, "<mask>", file));
    }

    private static int find(Map<String, Integer> ids, String name, String otherName, Path file) {
        Integer id = ids.getOrDefault(name, ids.get(otherName));
        if (id == null) {
            throw new InputException(String.format(
                    Locale.ROOT, "%s: no token %s or %s; a text encoder needs one", file, name, otherName));
        }
        return id;
    }
}
