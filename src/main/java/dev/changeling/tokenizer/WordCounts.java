package dev.changeling.tokenizer;

import java.util.Arrays;

/**
 * How often each word occurs: a hash table over flat arrays, about 4 bytes a character and 36 bytes a word, since the
 * distinct words of a large corpus would be hundreds of megabytes of strings. Not safe for use by several threads.
 */
final class WordCounts {
    private int[] table = new int[1 << 14];
    private int[] codePoints = new int[1 << 16];
    /** Word {@code i} is {@code codePoints[offsets[i]..offsets[i + 1])}. */
    private int[] offsets = new int[1 << 12];

    private int[] hashes = new int[1 << 12];
    private long[] counts = new long[1 << 12];
    private int size;
    private long total;

    /** Counts the word in the first {@code length} places of an array. */
    void add(int[] word, int length) {
        add(word, 0, length, 1);
    }

    /** Adds all counts of another. */
    void addAll(WordCounts other) {
        for (int i = 0; i < other.size; i++) {
            add(other.codePoints, other.offsets[i], other.offsets[i + 1], other.counts[i]);
        }
    }

    /** Returns the number of distinct words. */
    int size() {
        return size;
    }

    /** Returns the number of words, repeated ones included. */
    long total() {
        return total;
    }

    long count(int word) {
        return counts[word];
    }

    /** Returns how many code points the words have together, each word taken once. */
    int codePointCount() {
        return offsets[size];
    }

    int start(int word) {
        return offsets[word];
    }

    int end(int word) {
        return offsets[word + 1];
    }

    /** Returns a code point of the word that has {@code start <= at < end}. */
    int codePoint(int at) {
        return codePoints[at];
    }

    private void add(int[] source, int from, int to, long count) {
        total += count;
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + source[i];
        }
        hash *= 0x9E3779B9;
        hash ^= hash >>> 16;
        int mask = table.length - 1;
        int slot = hash & mask;
        for (; table[slot] != 0; slot = (slot + 1) & mask) {
            int word = table[slot] - 1;
            if (hashes[word] == hash && Arrays.equals(codePoints, offsets[word], offsets[word + 1], source, from, to)) {
                counts[word] += count;
                return;
            }
        }
        append(source, from, to, hash, count);
        table[slot] = size;
        if (size * 2 > table.length) {
            growTable();
        }
    }

    private void append(int[] source, int from, int to, int hash, long count) {
        int start = offsets[size];
        int end = Math.addExact(start, to - from);
        if (end > codePoints.length) {
            codePoints = Arrays.copyOf(codePoints, Math.max(end, grown(codePoints.length)));
        }
        if (size + 2 > offsets.length) {
            offsets = Arrays.copyOf(offsets, grown(offsets.length));
            hashes = Arrays.copyOf(hashes, offsets.length);
            counts = Arrays.copyOf(counts, offsets.length);
        }
        System.arraycopy(source, from, codePoints, start, to - from);
        hashes[size] = hash;
        counts[size] = count;
        size++;
        offsets[size] = end;
    }

    private void growTable() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int word = 0; word < size; word++) {
            int slot = hashes[word] & mask;
            while (table[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            table[slot] = word + 1;
        }
    }

    private static int grown(int length) {
        return (int) Math.min(length + (long) (length >> 1), Integer.MAX_VALUE - 8);
    }
}
