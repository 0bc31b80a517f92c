package dev.changeling.inference;

/**
 * A suspected word in a document.
 *
 * @param source where the document came from
 * @param line the number of the document's first line or row in that source, from 1
 * @param lineInDocument the number of line breaks before the word in the document
 * @param column of the word in its line, in UTF-16 units, from 1
 * @param word as it stands in the document; its offsets are the document's
 * @param passage the word and what is around it
 * @param passageStart where the passage begins in the document, in UTF-16 units
 */
public record OddPlace(
        String source, long line, int lineInDocument, int column, DetectedWord word, String passage, int passageStart) {

    /** Returns the word with offsets of the passage. */
    public DetectedWord wordInPassage() {
        return new DetectedWord(word.text(), word.start() - passageStart, word.end() - passageStart, word.replaced());
    }

    /** Returns at most so many characters before the word, with no character cut in half. */
    public String before(int most) {
        int end = word.start() - passageStart;
        int start = Math.max(0, end - most);
        return passage.substring(OddestPlaces.whole(passage, start), end);
    }

    /** Returns at most so many characters behind the word, with no character cut in half. */
    public String after(int most) {
        int start = word.end() - passageStart;
        int end = Math.min(passage.length(), start + most);
        return passage.substring(start, Math.max(start, OddestPlaces.whole(passage, end)));
    }
}
