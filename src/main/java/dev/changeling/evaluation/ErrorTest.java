package dev.changeling.evaluation;

import java.util.List;

/**
 * Sentences whose errors are marked, the question which word is of the error, and two who answer it: a discriminator,
 * and a list of frequencies that suspects the rarest word. Not safe for use by several threads.
 */
public final class ErrorTest {
    private final ErrorScores suspected = new ErrorScores();
    private final ErrorScores rarest = new ErrorScores();
    private double chanceHits;
    private double chanceRanks;
    private int leftOut;

    /**
     * Adds a sentence. One that has no word in its error, or none outside of it, is left out and counted.
     *
     * @param suspicions the discriminator's scores of the sentence's words
     * @param rarities of the same words
     */
    public void add(MarkedSentence sentence, List<ScoredWord> suspicions, List<ScoredWord> rarities) {
        if (!ErrorScores.isFit(sentence, suspicions)) {
            leftOut++;
            return;
        }
        suspected.add(sentence, suspicions);
        rarest.add(sentence, rarities);
        long marked = suspicions.stream().filter(sentence::marks).count();
        chanceHits += marked / (double) suspicions.size();
        chanceRanks += (suspicions.size() + 1) / (marked + 1.0);
    }

    /** Returns how the discriminator did. */
    public ErrorScores suspected() {
        return suspected;
    }

    /** Returns how the list of frequencies did. */
    public ErrorScores rarest() {
        return rarest;
    }

    /** Returns how many sentences were added and not left out. */
    public int sentences() {
        return suspected.sentences();
    }

    /** Returns how many sentences were left out. */
    public int leftOut() {
        return leftOut;
    }

    /** Returns the hit rate of whoever points at any word: the mean share of words that are of the error. */
    public double chanceHitRate() {
        return sentences() == 0 ? 0 : chanceHits / sentences();
    }

    /**
     * Returns the mean rank of whoever puts the words in any order: of n words with k of the error, the first of the k
     * comes at (n + 1) / (k + 1) on average.
     */
    public double chanceMeanRank() {
        return sentences() == 0 ? 0 : chanceRanks / sentences();
    }
}
