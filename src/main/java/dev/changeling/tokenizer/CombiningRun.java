package dev.changeling.tokenizer;

import java.util.Arrays;

/**
 * Code points of a combining class other than 0 between two starters, and their canonical order (Unicode Standard Annex
 * 15): stable by class.
 *
 * <p>Hugging Face's tokenizers give out places in the original text after that order is made, to the code points in
 * turn: one that stands for a character of the text takes the next character's place, one that was added by a
 * decomposition shares the place given last.
 */
final class CombiningRun {
    /** Takes one code point and the place in the original text that it stands for. */
    @FunctionalInterface
    interface Sink {
        void accept(int codePoint, int start, int end);
    }

    private int[] codePoints = new int[16];
    private boolean[] first = new boolean[16];
    /** Combining class in the high half, position in the low half, so that sorting is stable. */
    private long[] order = new long[16];

    private int size;
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private int characters;
    private int lastStart;
    private int lastEnd;

    boolean isEmpty() {
        return size == 0;
    }

    /** Notes the place of the starter that this run follows. */
    void follow(int start, int end) {
        lastStart = start;
        lastEnd = end;
    }

    /**
     * Adds a code point.
     *
     * @param isFirst whether it is the first, or only, code point that a character of the text decomposed into
     */
    void add(int codePoint, int combiningClass, boolean isFirst, int start, int end) {
        if (size == codePoints.length) {
            int capacity = size * 2;
            codePoints = Arrays.copyOf(codePoints, capacity);
            first = Arrays.copyOf(first, capacity);
            order = Arrays.copyOf(order, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
        codePoints[size] = codePoint;
        first[size] = isFirst;
        order[size] = (long) combiningClass << 32 | size;
        size++;
        if (isFirst) {
            starts[characters] = start;
            ends[characters] = end;
            characters++;
        }
    }

    /** Hands the run over in canonical order and empties it. */
    void drain(Sink sink) {
        Arrays.sort(order, 0, size);
        int character = 0;
        for (int i = 0; i < size; i++) {
            int index = (int) order[i];
            if (first[index]) {
                lastStart = starts[character];
                lastEnd = ends[character];
                character++;
            }
            sink.accept(codePoints[index], lastStart, lastEnd);
        }
        size = 0;
        characters = 0;
    }
}
