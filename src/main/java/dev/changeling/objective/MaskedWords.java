package dev.changeling.objective;

import dev.changeling.random.RandomStream;
import dev.changeling.tokenizer.SubwordMarks;
import java.util.Arrays;

/**
 * Draws whole words, or spans of them, until so many tokens are masked as are wanted. What would be too much is passed
 * over (as in google's BERT, create_pretraining_data.py), but for the first word if there is no other.
 *
 * @param marks which tokens go on with the word of the one before them
 * @param longest the most words in a span
 * @param stop the probability that a span ends after each of its words; lengths are geometric, with the probabilities
 *     of those up to the longest divided by their sum
 */
record MaskedWords(SubwordMarks marks, int longest, double stop) implements MaskedUnits {

    @Override
    public int draw(int[] tokens, int[] candidates, int available, int wanted, RandomStream numbers) {
        if (wanted == 0) {
            return 0;
        }
        int[] firsts = wordStarts(tokens, candidates, available);
        int words = firsts.length - 1;
        boolean[] masked = new boolean[words];
        int[] order = shuffled(words, numbers);
        int count = 0;
        for (int start : order) {
            int length = spanLength(numbers);
            for (int word = start; word < Math.min(words, start + length); word++) {
                int size = firsts[word + 1] - firsts[word];
                if (!masked[word] && count + size <= wanted) {
                    masked[word] = true;
                    count += size;
                }
            }
        }
        if (count == 0) {
            masked[order[0]] = true;
        }
        return moveToFront(candidates, firsts, masked);
    }

    /** Returns where each word begins among the candidates, and the number of candidates at the end. */
    private int[] wordStarts(int[] tokens, int[] candidates, int available) {
        int[] firsts = new int[available + 1];
        int words = 0;
        for (int i = 0; i < available; i++) {
            boolean goesOn = i > 0
                    && candidates[i] == candidates[i - 1] + 1
                    && marks.continues(tokens[candidates[i - 1]], tokens[candidates[i]]);
            if (!goesOn) {
                firsts[words++] = i;
            }
        }
        firsts[words] = available;
        return Arrays.copyOf(firsts, words + 1);
    }

    private static int[] shuffled(int words, RandomStream numbers) {
        int[] order = new int[words];
        Arrays.setAll(order, i -> i);
        for (int i = 0; i < words - 1; i++) {
            int j = i + numbers.nextInt(words - i);
            int drawn = order[j];
            order[j] = order[i];
            order[i] = drawn;
        }
        return order;
    }

    /** Draws how many words a span has. */
    int spanLength(RandomStream numbers) {
        if (longest == 1) {
            return 1;
        }
        double goesOn = 1 - stop;
        double within = 1 - Math.pow(goesOn, longest);
        int length = 1 + (int) (Math.log1p(-numbers.nextDouble() * within) / Math.log(goesOn));
        return Math.min(length, longest);
    }

    private static int moveToFront(int[] candidates, int[] firsts, boolean[] masked) {
        int count = 0;
        for (int word = 0; word < masked.length; word++) {
            for (int i = firsts[word]; masked[word] && i < firsts[word + 1]; i++) {
                candidates[count++] = candidates[i];
            }
        }
        return count;
    }
}
