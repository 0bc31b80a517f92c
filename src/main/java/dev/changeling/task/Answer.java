package dev.changeling.task;

/**
 * An answer to a question, as it stands in the context.
 *
 * @param text at least one character
 * @param start where it begins in the context, in UTF-16 units (those of {@link String#charAt}), not in code points as
 *     in the file
 */
public record Answer(String text, int start) {
    /** Returns where it ends in the context, in UTF-16 units: the place after its last one. */
    public int end() {
        return start + text.length();
    }
}
