package dev.changeling.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Words as rows of symbols, and the pairs of neighbours in them by frequency: the inner loop of byte-pair encoding.
 *
 * <p>Frequencies are kept as Hugging Face's tokenizers keep them, so that ties and repeats fall the same way. A pair
 * that has been joined keeps its count, and one that comes up again in new words waits in the queue beside its earlier
 * self, each with the words it was seen in.
 */
final class PairMerger {
    /**
     * A pair of neighbouring symbols.
     *
     * @param count how often it occurs
     * @param words where to look for it
     */
    record Pair(int left, int right, long count, IntList words) implements Comparable<Pair> {
        /** Puts the more frequent first, and of two that are equally frequent the one with the lower ids. */
        @Override
        public int compareTo(Pair other) {
            int order = Long.compare(other.count, count);
            if (order == 0) {
                order = Integer.compare(left, other.left);
            }
            return order == 0 ? Integer.compare(right, other.right) : order;
        }
    }

    private final WordCounts counts;
    /** Word {@code i} is {@code symbols[starts[i]..starts[i] + lengths[i])}. */
    private final int[] symbols;

    private final int[] starts;
    private final int[] lengths;

    private final PairCounts pairs = new PairCounts();
    private final PriorityQueue<Pair> queue = new PriorityQueue<>();
    /** Pairs that have come up since the queue was last filled, by their place in {@link #pairs}. */
    private final List<Integer> risen = new ArrayList<>();

    PairMerger(WordCounts counts, CharacterSymbols characters) {
        this.counts = counts;
        this.symbols = new int[counts.codePointCount()];
        this.starts = new int[counts.size()];
        this.lengths = new int[counts.size()];
        int at = 0;
        for (int word = 0; word < counts.size(); word++) {
            starts[word] = at;
            at = characters.write(counts, word, symbols, at);
            lengths[word] = at - starts[word];
            for (int i = starts[word]; i + 1 < at; i++) {
                change(symbols[i], symbols[i + 1], word, true);
            }
        }
        fillQueue();
    }

    /** Takes the most frequent pair out, or returns null if no word has two symbols left. */
    @Nullable
    Pair mostFrequent() {
        for (Pair top = queue.poll(); top != null; top = queue.poll()) {
            long count = pairs.count(top.left, top.right);
            if (count == top.count) {
                return top;
            }
            queue.add(new Pair(top.left, top.right, count, top.words));
        }
        return null;
    }

    /** Writes {@code joined} for a pair wherever it occurs in its words. */
    void merge(Pair pair, int joined) {
        for (int i = 0; i < pair.words.size(); i++) {
            mergeIn(pair.words.get(i), pair.left, pair.right, joined);
        }
        fillQueue();
    }

    private void mergeIn(int word, int left, int right, int joined) {
        int start = starts[word];
        int end = start + lengths[word];
        int written = start;
        for (int at = start; at < end; at++) {
            int symbol = symbols[at];
            if (symbol == left && at + 1 < end && symbols[at + 1] == right) {
                if (written > start) {
                    change(symbols[written - 1], left, word, false);
                    change(symbols[written - 1], joined, word, true);
                }
                at++;
                if (at + 1 < end) {
                    change(right, symbols[at + 1], word, false);
                    change(joined, symbols[at + 1], word, true);
                }
                symbol = joined;
            }
            symbols[written++] = symbol;
        }
        lengths[word] = written - start;
    }

    private void change(int left, int right, int word, boolean added) {
        int pair = pairs.find(left, right);
        pairs.add(pair, added ? counts.count(word) : -counts.count(word));
        if (added && pairs.addWord(pair, word)) {
            risen.add(pair);
        }
    }

    private void fillQueue() {
        for (int pair : risen) {
            IntList words = pairs.takeWords(pair);
            if (pairs.count(pair) > 0) {
                queue.add(new Pair(pairs.left(pair), pairs.right(pair), pairs.count(pair), words));
            }
        }
        risen.clear();
    }
}
