package dev.changeling.inference;

import dev.changeling.tokenizer.SubwordMarks;
import dev.changeling.tokenizer.Vocabulary;

/** Which tokens of a vocabulary may be filled in for a word's pieces, and what they read as. */
final class Pieces {
    private final Vocabulary vocabulary;
    private final SubwordMarks marks;

    Pieces(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.marks = SubwordMarks.of(vocabulary);
    }

    /** Returns whether a token can begin a word that stands where one stood that began with another token. */
    boolean canBegin(int token, int original) {
        return !isSpecial(token) && marks.beginsLike(token, original);
    }

    boolean canContinue(int previous, int token) {
        return !isSpecial(token) && marks.continues(previous, token);
    }

    boolean isUnknown(int token) {
        return token == vocabulary.special().unknown();
    }

    private boolean isSpecial(int token) {
        return isUnknown(token) || vocabulary.special().isUnmaskable(token);
    }

    /** Returns what the pieces of a word read as. */
    String text(int[] pieces) {
        return marks.text(pieces);
    }
}
