package dev.changeling.tokenizer;

import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
    private int[] values;
    private int size;

    IntList(int first) {
        // Most pairs of symbols occur in one or two words, and there are millions of pairs.
        values = new int[] {first, 0};
        size = 1;
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    int get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }
}
