package dev.changeling.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How often each pair of symbols occurs, and in which words it has come up lately: a hash table over flat arrays. */
final class PairCounts {
    private int[] table = new int[1 << 16];
    private long[] keys = new long[1 << 14];
    private long[] counts = new long[1 << 14];
    private @Nullable IntList[] words = new IntList[1 << 14];
    private int size;

    /** Returns the place of a pair, which is made if there is none. */
    int find(int left, int right) {
        long key = (long) left << 32 | right;
        int slot = slot(key);
        if (table[slot] != 0) {
            return table[slot] - 1;
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
            words = Arrays.copyOf(words, size * 2);
        }
        keys[size] = key;
        size++;
        table[slot] = size;
        if (size * 2 > table.length) {
            grow();
        }
        return size - 1;
    }

    void add(int pair, long change) {
        counts[pair] += change;
    }

    /**
     * Notes that a pair has come up in a word. Words come in turn: all of one, then all of the next.
     *
     * @return whether it is the first word noted since the last {@link #takeWords}
     */
    boolean addWord(int pair, int word) {
        IntList list = words[pair];
        if (list == null) {
            words[pair] = new IntList(word);
            return true;
        }
        if (list.get(list.size() - 1) != word) {
            list.add(word);
        }
        return false;
    }

    /** Returns the words noted for a pair, and forgets them. */
    IntList takeWords(int pair) {
        IntList list = words[pair];
        if (list == null) {
            throw new IllegalStateException("no word was noted for pair " + pair);
        }
        words[pair] = null;
        return list;
    }

    long count(int pair) {
        return counts[pair];
    }

    long count(int left, int right) {
        return counts[find(left, right)];
    }

    int left(int pair) {
        return (int) (keys[pair] >>> 32);
    }

    int right(int pair) {
        return (int) keys[pair];
    }

    private int slot(long key) {
        int mask = table.length - 1;
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (table[slot] != 0 && keys[table[slot] - 1] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        table = new int[table.length * 2];
        for (int pair = 0; pair < size; pair++) {
            table[slot(keys[pair])] = pair + 1;
        }
    }
}
