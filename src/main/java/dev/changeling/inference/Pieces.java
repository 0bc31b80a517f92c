package dev.changeling.inference;

import dev.changeling.tokenizer.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Which tokens of a vocabulary begin a word, which go on with one, and what they read as. */
final class Pieces {
    private static final String WORD_PIECE = "##";
    private static final String META_SPACE = "\u2581";
    /** The space of byte-level vocabularies; see {@link #byteOf}. */
    private static final String BYTE_SPACE = "\u0120";

    private final Vocabulary vocabulary;
    /** What stands before a token that continues a word, or, if words are told by their beginnings, "". */
    private final String continuation;
    /** What stands before a token that begins a word after a space, or "". */
    private final String beginning;

    Pieces(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        continuation = hasPrefix(WORD_PIECE) ? WORD_PIECE : "";
        if (!continuation.isEmpty()) {
            beginning = "";
        } else if (hasPrefix(META_SPACE)) {
            beginning = META_SPACE;
        } else {
            beginning = hasPrefix(BYTE_SPACE) ? BYTE_SPACE : "";
        }
    }

    private boolean hasPrefix(String prefix) {
        return vocabulary.tokens().stream()
                .anyMatch(token -> token.length() > prefix.length() && token.startsWith(prefix));
    }

    /** Returns whether a token can begin a word that stands where one stood that began with another token. */
    boolean canBegin(int token, int original) {
        if (isSpecial(token)) {
            return false;
        }
        if (beginning.isEmpty()) {
            return continuation.isEmpty() || !vocabulary.token(token).startsWith(continuation);
        }
        return vocabulary.token(token).startsWith(beginning)
                == vocabulary.token(original).startsWith(beginning);
    }

    boolean canContinue(int token) {
        if (isSpecial(token)) {
            return false;
        }
        return continuation.isEmpty()
                ? !beginning.isEmpty() && !vocabulary.token(token).startsWith(beginning)
                : vocabulary.token(token).startsWith(continuation);
    }

    boolean isUnknown(int token) {
        return token == vocabulary.special().unknown();
    }

    private boolean isSpecial(int token) {
        return isUnknown(token) || vocabulary.special().isUnmaskable(token);
    }

    /** Returns what the pieces of a word read as. */
    String text(int[] pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces.length; i++) {
            String token = vocabulary.token(pieces[i]);
            boolean isMarked = i > 0 && !continuation.isEmpty() && token.startsWith(continuation);
            text.append(isMarked ? token.substring(continuation.length()) : token);
        }
        return (beginning.equals(BYTE_SPACE)
                        ? decoded(text.toString())
                        : text.toString().replace(META_SPACE, " "))
                .strip();
    }

    private static String decoded(String characters) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        characters.codePoints().forEach(character -> bytes.write(byteOf(character)));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /**
     * Byte-level vocabularies (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, and their
     * code) write the printable bytes of Latin-1 as they are, and the other 68, in order, as U+0100 and up.
     */
    private static int byteOf(int character) {
        if (character < 0x100) {
            return character;
        }
        int rank = character - 0x100;
        if (rank <= 0x20) {
            return rank;
        }
        return rank <= 0x42 ? 0x7F + rank - 0x21 : 0xAD;
    }
}
