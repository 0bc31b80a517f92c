package dev.changeling.tokenizer;

import dev.changeling.disk.Sha256;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokens by id, and ids by token. Immutable. */
public final class Vocabulary {
    /** The most tokens that a vocabulary can hold. */
    public static final int MAXIMUM_SIZE = 1 << 24;

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

    /**
     * Reads {@code vocab.txt}: UTF-8, one token a line, the line's number from 0 being the id. The special tokens are
     * those named [PAD], [UNK], [CLS], [SEP] and [MASK].
     *
     * @throws InputException if a line is empty or repeated, a special token is missing, or the file is not UTF-8
     * @throws IOException if the file can't be read
     */
    public static Vocabulary load(Path file) throws IOException {
        return VocabularyFile.load(file);
    }

    /**
     * Makes a vocabulary of tokens that include [PAD], [UNK], [CLS], [SEP] and [MASK].
     *
     * @param tokens every token, in the order of its id
     * @param source where they came from, for messages
     * @throws InputException if a token is empty or repeated, or a special token is missing
     */
    static Vocabulary of(List<String> tokens, String source) {
        return VocabularyFile.check(tokens, source, id -> "token " + id);
    }

    /** Writes {@code vocab.txt}, whole or not at all: UTF-8, one token a line, each ended by a line feed. */
    public void save(Path file) throws IOException {
        VocabularyFile.save(this, file);
    }

    /** Returns the bytes that {@link #save} writes. */
    byte[] bytes() {
        return (String.join("\n", tokens) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the SHA-256, in lower-case hexadecimal, of the bytes that {@link #save} writes. */
    public String sha256() {
        return Sha256.of(bytes());
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

    /** Returns whether the vocabulary has this token. */
    public boolean contains(String token) {
        return ids.containsKey(token);
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
