package dev.changeling.evaluation;

import dev.changeling.error.InputException;
import dev.changeling.random.RandomStream;
import dev.changeling.shard.Rows;
import dev.changeling.tokenizer.SubwordMarks;
import dev.changeling.tokenizer.Vocabulary;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The tokens that stand for a whole word (letters only, and what comes after them doesn't go on with them), in the
 * order of how often they do so in the training text. Pieces that only ever begin a longer word are not among them.
 */
final class WholeWords {
    /** So many rows tell the order well enough. */
    private static final long MOST_ROWS = 100_000;
    /** A word's neighbours are those whose rank differs by at most a fifth: by Zipf's law, about as frequent as it. */
    private static final int RANK_FRACTION = 5;
    /** At the top there are too few of them for that. */
    private static final int LEAST_NEIGHBOURS = 5;

    private final SubwordMarks marks;
    private final int[] byRank;
    /** By token; −1 for tokens that are no whole words. */
    private final int[] ranks;

    /** @throws InputException if no token has a mark, so that words can't be told from pieces */
    WholeWords(Vocabulary vocabulary, Rows train) {
        marks = SubwordMarks.of(vocabulary);
        if (!marks.tellWords()) {
            throw new InputException("the vocabulary has no token that starts with " + SubwordMarks.KNOWN
                    + "; the swap test needs to tell words from their pieces");
        }
        long[] counts = count(train, vocabulary.size());
        byRank = IntStream.range(0, counts.length)
                .filter(token -> counts[token] > 0 && marks.begins(token) && hasOnlyLetters(token))
                .boxed()
                .sorted(Comparator.comparingLong((Integer token) -> -counts[token]))
                .mapToInt(Integer::intValue)
                .toArray();
        ranks = new int[counts.length];
        Arrays.fill(ranks, -1);
        for (int rank = 0; rank < byRank.length; rank++) {
            ranks[byRank[rank]] = rank;
        }
    }

    private boolean hasOnlyLetters(int token) {
        String text = marks.text(token);
        return !text.isEmpty() && text.codePoints().allMatch(Character::isLetter);
    }

    private long[] count(Rows rows, int vocabularySize) {
        long[] counts = new long[vocabularySize];
        int[] row = new int[rows.length()];
        long stride = Math.max(1, rows.count() / MOST_ROWS);
        for (long number = 0; number < rows.count(); number += stride) {
            rows.copyTokens(number, row, 0);
            for (int i = 0; i < row.length; i++) {
                counts[row[i]] += isWhole(row, i) ? 1 : 0;
            }
        }
        return counts;
    }

    private boolean isWhole(int[] tokens, int i) {
        return i + 1 == tokens.length || !marks.continues(tokens[i], tokens[i + 1]);
    }

    /** Returns the places in a sentence where a whole word stands that can be swapped. */
    int[] swappable(int[] sentence) {
        return IntStream.range(0, sentence.length)
                .filter(i -> byRank.length > 1 && ranks[sentence[i]] >= 0 && isWhole(sentence, i))
                .toArray();
    }

    /** Returns another whole word of like frequency. */
    int neighbour(int token, RandomStream random) {
        int rank = ranks[token];
        int reach = Math.max(LEAST_NEIGHBOURS, rank / RANK_FRACTION);
        int lowest = Math.max(0, rank - reach);
        int highest = Math.min(byRank.length - 1, rank + reach);
        int drawn = lowest + random.nextInt(highest - lowest);
        return byRank[drawn < rank ? drawn : drawn + 1];
    }
}
