package dev.changeling.tokenizer;

/** Takes the words of a text, one after another. */
@FunctionalInterface
interface WordSink {
    /**
     * Takes one word. The arrays are the scanner's own and change with the next word.
     *
     * @param codePoints the normalised word in its first {@code length} places
     * @param starts for each code point, the index of its first UTF-16 unit in the original text
     * @param ends for each code point, the index after its last UTF-16 unit in the original text
     * @param length how many code points, at least 1
     */
    void accept(int[] codePoints, int[] starts, int[] ends, int length);
}
