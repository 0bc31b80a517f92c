package dev.changeling.tokenizer;

/** The characters that words are made of: letters, digits and their marks. */
public final class WordCharacters {
    private WordCharacters() {}

    /** Returns whether two of them that meet are of one word. Ideographs are words of their own, as in BERT. */
    public static boolean contains(int codePoint) {
        boolean isMark = Character.getType(codePoint) == Character.NON_SPACING_MARK
                || Character.getType(codePoint) == Character.COMBINING_SPACING_MARK;
        return (Character.isLetterOrDigit(codePoint) || isMark) && !Character.isIdeographic(codePoint);
    }
}
