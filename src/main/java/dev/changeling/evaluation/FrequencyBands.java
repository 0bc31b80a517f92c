package dev.changeling.evaluation;

import dev.changeling.tokenizer.SpecialTokens;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Bands of tokens by their rank in the training text, 1 for the most frequent one; of two that are equally frequent the
 * one with the lower id comes first. [CLS], [SEP], [MASK] and padding, which are never replaced, have no rank.
 */
public final class FrequencyBands {
    /** The band of a token that has no rank. */
    static final int NONE = -1;

    static final List<String> NAMES = List.of("rank_1_100", "rank_101_1000", "rank_1001_10000", "rank_over_10000");
    private static final int[] LAST_RANKS = {100, 1000, 10_000, Integer.MAX_VALUE};

    private final byte[] byToken;

    private FrequencyBands(byte[] byToken) {
        this.byToken = byToken;
    }

    /**
     * Ranks the tokens of a vocabulary.
     *
     * @param tokenCounts how often each token stands in the training text, [V]
     */
    public static FrequencyBands of(long[] tokenCounts, SpecialTokens special) {
        byte[] byToken = new byte[tokenCounts.length];
        Arrays.fill(byToken, (byte) NONE);
        int[] mostFrequentFirst = IntStream.range(0, tokenCounts.length)
                .filter(token -> !special.isUnmaskable(token))
                .boxed()
                .sorted(Comparator.comparingLong((Integer token) -> tokenCounts[token])
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        byte band = 0;
        for (int i = 0; i < mostFrequentFirst.length; i++) {
            if (i + 1 > LAST_RANKS[band]) {
                band++;
            }
            byToken[mostFrequentFirst[i]] = band;
        }
        return new FrequencyBands(byToken);
    }

    /** Returns a token's band, an index into {@link #NAMES}, or {@link #NONE}. */
    int of(int token) {
        return byToken[token];
    }
}
