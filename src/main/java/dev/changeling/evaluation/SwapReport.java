package dev.changeling.evaluation;

/**
 * How well swapped words are found, and beside it what is found by chance.
 *
 * <p>Chance for the hit rate is a guesser who knows which words could have been swapped, and so never points at
 * punctuation or at a piece of a word: more than a discriminator is told, which may suspect any token.
 *
 * @param sentences how many were asked about
 * @param hitRate share in which the swapped word is the most suspected token; n tokens tied at the top count 1/n
 * @param chanceHitRate the mean of 1 / words of a sentence that could have been swapped
 * @param meanRank of the swapped word among its sentence's tokens, 1 is the most suspected
 * @param chanceMeanRank the mean of (tokens of a sentence + 1) / 2
 * @param auc mean share of a sentence's other tokens that are suspected less, ties counting half; ½ by chance
 */
public record SwapReport(
        int sentences, double hitRate, double chanceHitRate, double meanRank, double chanceMeanRank, double auc) {}
