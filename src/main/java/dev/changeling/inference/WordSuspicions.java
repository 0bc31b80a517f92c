package dev.changeling.inference;

import dev.changeling.random.RandomStream;
import java.util.Locale;

/**
 * How suspect words are on average, wherever they stand, in memory that doesn't grow: a count-min sketch (Cormode and
 * Muthukrishnan, "An Improved Data Stream Summary: The Count-Min Sketch and its Applications", 2005) of how often each
 * was seen and of its probabilities. Capitals make no difference.
 */
final class WordSuspicions {
    private static final int ROWS = 2;
    private static final int COLUMNS = 1 << 18;
    /** A word counts as if it had been seen so often more, as suspect as words are on average. */
    private static final double PRIOR = 5;

    private final long[][] counts = new long[ROWS][COLUMNS];
    private final double[][] sums = new double[ROWS][COLUMNS];
    private long words;
    private double sum;

    void add(DetectedWord word) {
        long hash = hash(word.text());
        for (int row = 0; row < ROWS; row++) {
            counts[row][column(hash, row)]++;
            sums[row][column(hash, row)] += word.replaced();
        }
        words++;
        sum += word.replaced();
    }

    /** Returns how suspect a word that was added is in the other places where it stands: a probability. */
    double elsewhere(DetectedWord word) {
        long hash = hash(word.text());
        long count = Long.MAX_VALUE;
        double itsSum = 0;
        for (int row = 0; row < ROWS; row++) {
            int column = column(hash, row);
            // What else falls into the same place can only add to the count: the least is the best.
            if (counts[row][column] < count) {
                count = counts[row][column];
                itsSum = sums[row][column];
            }
        }
        return (itsSum - word.replaced() + PRIOR * sum / words) / (count - 1 + PRIOR);
    }

    private static long hash(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        long hash = lower.length();
        for (int i = 0; i < lower.length(); i++) {
            hash = RandomStream.mix(hash * 31 + lower.charAt(i));
        }
        return hash;
    }

    private static int column(long hash, int row) {
        return (int) (RandomStream.mix(hash + row) & (COLUMNS - 1));
    }
}
