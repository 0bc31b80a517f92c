package dev.changeling.evaluation;

import dev.changeling.tokenizer.Encoding;
import dev.changeling.tokenizer.Tokenizer;
import java.util.Arrays;

/**
 * How rare words are: −ln of the share that their tokens have in some text, the tokens of a word added up. One is added
 * to every count. What a discriminator must beat to be worth more than a list of frequencies.
 *
 * <p>Safe for use by several threads.
 */
public final class TokenRarity {
    private final Tokenizer tokenizer;
    private final double[] byToken;

    /**
     * @param tokenizer whose tokens were counted; not closed with this
     * @param counts by token id
     */
    public TokenRarity(Tokenizer tokenizer, long[] counts) {
        this.tokenizer = tokenizer;
        double total = Arrays.stream(counts).sum() + (double) counts.length;
        byToken = Arrays.stream(counts)
                .mapToDouble(count -> Math.log(total / (count + 1)))
                .toArray();
    }

    /**
     * Returns the rarity, in nats, of each of some words of a text, in their order.
     *
     * @param starts for each word, the index of its first UTF-16 unit, ascending
     * @param ends for each word, the index after its last UTF-16 unit
     */
    public double[] of(String text, int[] starts, int[] ends) {
        Encoding encoding = tokenizer.encode(text);
        double[] rarities = new double[starts.length];
        int word = 0;
        for (int token = 0; token < encoding.ids().length; token++) {
            while (word < ends.length && ends[word] < encoding.ends()[token]) {
                word++;
            }
            // Some tokenizers count the space before a word to the token.
            if (word < ends.length && encoding.ends()[token] > starts[word]) {
                rarities[word] += byToken[encoding.ids()[token]];
            }
        }
        return rarities;
    }
}
