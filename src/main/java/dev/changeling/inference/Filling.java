package dev.changeling.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What may stand in a word's place, or the beginning of it.
 *
 * @param pieces token ids
 * @param logProbability of them together, in nats
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
record Filling(int[] pieces, double logProbability) {
    static final Comparator<Filling> LIKELIEST_FIRST =
            Comparator.comparingDouble(Filling::logProbability).reversed();

    static final Filling EMPTY = new Filling(new int[0], 0);

    /**
     * Returns this with one more piece, in its likeliest forms.
     *
     * @param logProbabilities of the next piece, by token
     * @param tokens how many tokens there are
     * @param isAllowed which of them may be the next piece
     * @param most how many are returned
     */
    List<Filling> extended(float[] logProbabilities, int tokens, IntPredicate isAllowed, int most) {
        List<Integer> best = new ArrayList<>();
        for (int token = 0; token < tokens; token++) {
            boolean isAmong =
                    best.size() < most || logProbabilities[token] > logProbabilities[best.get(best.size() - 1)];
            if (!isAmong || !isAllowed.test(token)) {
                continue;
            }
            int at = best.size();
            while (at > 0 && logProbabilities[token] > logProbabilities[best.get(at - 1)]) {
                at--;
            }
            best.add(at, token);
            if (best.size() > most) {
                best.remove(most);
            }
        }
        return best.stream().map(token -> with(token, logProbabilities[token])).toList();
    }

    private Filling with(int token, double itsLogProbability) {
        int[] more = Arrays.copyOf(pieces, pieces.length + 1);
        more[pieces.length] = token;
        return new Filling(more, logProbability + itsLogProbability);
    }

    /** Returns the last piece; there must be one. */
    int last() {
        return pieces[pieces.length - 1];
    }

    /** Returns these pieces and masks behind them. */
    int[] masked(int length, int mask) {
        int[] tokens = Arrays.copyOf(pieces, length);
        Arrays.fill(tokens, pieces.length, length, mask);
        return tokens;
    }
}
