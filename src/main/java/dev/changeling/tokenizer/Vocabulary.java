package dev.changeling.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokens by id, and ids by token. Immutable. */
public final class Vocabulary {
    private final List<String> tokens;
    private final Map<String, Integer> ids;
    private final SpecialTokens special;

    /**
     * @param tokens every token, in the order of its id
     * @param special the ids of the special tokens
     */
    public Vocabulary(List<String> tokens, SpecialTokens special) {
        this.tokens = List.copyOf(tokens);
        this.ids = new HashMap<>(tokens.size() * 2);
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        this.special = special;
    }

    /** Returns the number of tokens, special ones included. */
    public int size() {
        return tokens.size();
    }

    /** Returns the token with this id. */
    public String token(int id) {
        return tokens.get(id);
    }

    /** Returns the id of a token, or that of [UNK] if the vocabulary lacks it. */
    public int id(String token) {
        return ids.getOrDefault(token, special.unknown());
    }

    /** Returns the ids of the special tokens. */
    public SpecialTokens special() {
        return special;
    }

    /** Returns every token, in the order of its id. */
    public List<String> tokens() {
        return tokens;
    }
}
