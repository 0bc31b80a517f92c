package dev.changeling.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * How well whoever scores words finds the marked errors of sentences. Not safe for use by several threads.
 *
 * <p>A word is of the error if it shares a character with what is marked. n words tied at the top of a sentence count
 * 1/n each.
 */
public final class ErrorScores {
    private final RocArea area = new RocArea();
    private final List<Double> hits = new ArrayList<>();
    private double ranks;

    /**
     * Adds a sentence.
     *
     * @param words of it, of which some are marked and some are not; see {@link #isFit}
     */
    public void add(MarkedSentence sentence, List<ScoredWord> words) {
        double top = words.stream().mapToDouble(ScoredWord::score).max().orElseThrow();
        double best = Double.NEGATIVE_INFINITY;
        int atTop = 0;
        int markedAtTop = 0;
        for (ScoredWord word : words) {
            boolean isMarked = sentence.marks(word);
            area.add((float) word.score(), isMarked);
            best = isMarked ? Math.max(best, word.score()) : best;
            atTop += word.score() == top ? 1 : 0;
            markedAtTop += isMarked && word.score() == top ? 1 : 0;
        }
        hits.add(markedAtTop / (double) atTop);
        ranks += rank(sentence, words, best);
    }

    /** Returns the rank of the error's most suspected word; of the words tied with it, half come before it. */
    private static double rank(MarkedSentence sentence, List<ScoredWord> words, double best) {
        int above = 0;
        int tied = 0;
        for (ScoredWord word : words) {
            above += word.score() > best ? 1 : 0;
            tied += word.score() == best && !sentence.marks(word) ? 1 : 0;
        }
        return 1 + above + tied / 2.0;
    }

    /** Returns whether a sentence has words that are marked and words that are not, so that something can be found. */
    public static boolean isFit(MarkedSentence sentence, List<ScoredWord> words) {
        return words.stream().anyMatch(sentence::marks) && !words.stream().allMatch(sentence::marks);
    }

    /** Returns how many sentences were added. */
    public int sentences() {
        return hits.size();
    }

    /** Returns the share of sentences whose most suspected word is of the error. */
    public double hitRate() {
        return hits.stream().mapToDouble(hit -> hit).average().orElse(0);
    }

    /** Returns the 95 % interval of {@link #hitRate}, were the sentences drawn independently. */
    public Interval hitInterval() {
        return Interval.ofShare(hitRate(), sentences());
    }

    /** Returns the 95 % interval of the difference between this hit rate and another's on the same sentences. */
    public Interval advantageOver(ErrorScores other) {
        double[] differences = new double[hits.size()];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = hits.get(i) - other.hits.get(i);
        }
        return Interval.ofMean(differences);
    }

    /** Returns the mean rank of the error's most suspected word among the words of its sentence; 1 is the best. */
    public double meanRank() {
        return hits.isEmpty() ? 0 : ranks / hits.size();
    }

    /** Returns the probability that a word of an error scores higher than another word, of any sentence. */
    public double auc() {
        return area.value();
    }
}
