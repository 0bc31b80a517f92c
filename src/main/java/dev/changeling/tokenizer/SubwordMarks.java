package dev.changeling.tokenizer;

import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * How a vocabulary marks which tokens begin a word and which go on with one, and what they read as: WordPiece puts
 * {@code ##} before those that go on; SentencePiece (U+2581) and byte-level BPE (U+0120) write the space before those
 * that begin. Of several marks, the vocabulary's is the one that stands before most tokens: GPT-2's has a token
 * {@code ####}. Immutable.
 *
 * <p>Where beginnings are marked, a token without a mark need not go on with a word: it may be punctuation, or stand
 * behind some, or at the start of a text. There, as in {@link WordCharacters}, letters and digits must meet. Parts of a
 * character go with what stands beside them.
 */
public final class SubwordMarks {
    /** The marks that are understood, for messages. */
    public static final String KNOWN = "## (WordPiece), U+2581 (SentencePiece) or U+0120 (byte-level BPE)";

    /** Of a vocabulary in which every token is a word. */
    public static final SubwordMarks NONE = new SubwordMarks(List.of(), token -> false);

    private enum Mark {
        NONE(""),
        WORD_PIECE("##"),
        SENTENCE_PIECE("\u2581"),
        BYTE_LEVEL("\u0120");

        private final String text;

        Mark(String text) {
            this.text = text;
        }

        boolean isOn(String token) {
            return this != NONE && token.startsWith(text);
        }

        long count(List<String> tokens) {
            return tokens.stream()
                    .filter(token -> isOn(token) && token.length() > text.length())
                    .count();
        }

        boolean isOfBeginnings() {
            return this == SENTENCE_PIECE || this == BYTE_LEVEL;
        }
    }

    private final List<String> tokens;
    private final Mark mark;
    private final BitSet marked = new BitSet();
    /** What goes on with a word if one is open. */
    private final BitSet continuing = new BitSet();
    /** What leaves a word open. */
    private final BitSet open = new BitSet();

    private SubwordMarks(List<String> tokens, IntPredicate isSpecial) {
        this.tokens = tokens;
        this.mark = mark(tokens);
        for (int token = 0; token < tokens.size(); token++) {
            String text = tokens.get(token);
            marked.set(token, mark.isOn(text));
            if (mark == Mark.WORD_PIECE) {
                continuing.set(token, mark.isOn(text));
                open.set(token);
            } else if (mark.isOfBeginnings() && !isSpecial.test(token)) {
                String read = decoded(text);
                continuing.set(token, !mark.isOn(text) && !read.isEmpty() && isOfWord(read.codePointAt(0)));
                open.set(
                        token,
                        read.endsWith(" ") || (!read.isEmpty() && isOfWord(read.codePointBefore(read.length()))));
            }
        }
    }

    /** Finds out the marks of a vocabulary. */
    public static SubwordMarks of(Vocabulary vocabulary) {
        SpecialTokens special = vocabulary.special();
        return new SubwordMarks(
                vocabulary.tokens(), token -> token == special.unknown() || special.isUnmaskable(token));
    }

    private static Mark mark(List<String> tokens) {
        Mark most = Mark.NONE;
        for (Mark mark : Mark.values()) {
            most = mark.count(tokens) > most.count(tokens) ? mark : most;
        }
        return most;
    }

    private static boolean isOfWord(int codePoint) {
        return WordCharacters.contains(codePoint) || codePoint == 0xFFFD;
    }

    /** Returns whether words can be told from their pieces. */
    public boolean tellWords() {
        return mark != Mark.NONE;
    }

    /** Returns whether a token is marked as a word's beginning, or, where continuations are marked, is none. */
    public boolean begins(int token) {
        return marked.get(token) == mark.isOfBeginnings();
    }

    /** Returns whether a token can begin a word that stands where one stood that began with another token. */
    public boolean beginsLike(int token, int original) {
        return mark.isOfBeginnings() ? begins(token) == begins(original) : begins(token);
    }

    /** Returns whether a token goes on with the word of the one before it. */
    public boolean continues(int previous, int token) {
        return continuing.get(token) && open.get(previous);
    }

    /** Returns what tokens that follow each other read as, without space around it. */
    public String text(int... ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String token = tokens.get(id);
            text.append(mark == Mark.WORD_PIECE && mark.isOn(token) ? token.substring(mark.text.length()) : token);
        }
        return decoded(text.toString()).strip();
    }

    private String decoded(String characters) {
        return switch (mark) {
            case NONE, WORD_PIECE -> characters;
            case SENTENCE_PIECE -> characters.replace(mark.text, " ");
            case BYTE_LEVEL -> ByteLevelAlphabet.decode(characters);
        };
    }
}
