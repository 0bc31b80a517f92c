package dev.changeling.evaluation;

import java.util.List;

/**
 * Scores of answers that are parts of a text, as the evaluation script of SQuAD 2.0 computes them (also good for 1.1):
 * each question counts with the best of its gold answers.
 *
 * <p>A question without an answer has the gold answer "", and is right if "" is predicted. Gold answers of which
 * nothing is left but punctuation and articles are passed over; 1.1's script takes them as they are.
 *
 * @param all over all questions
 * @param answerable over those that have an answer
 * @param impossible over those that have none; its two scores are the same
 */
public record AnswerScores(Mean all, Mean answerable, Mean impossible) {

    /**
     * Means over questions, from 0 to 1 (SQuAD's script prints them times 100).
     *
     * @param count how many questions; without any, both scores are 0
     * @param exactMatch the share of answers that are the same as a gold one after {@linkplain AnswerText both are
     *     normalised}
     * @param f1 the mean F1 of the words of an answer and of a gold one
     */
    public record Mean(int count, double exactMatch, double f1) {}

    /**
     * Compares predictions with what is right.
     *
     * @param gold the answers to each question; none for a question that has none
     * @param predicted an answer to each, "" to say that there is none
     * @throws IllegalArgumentException if there is no question, or the lengths differ
     */
    public static AnswerScores of(List<List<String>> gold, List<String> predicted) {
        if (gold.isEmpty() || gold.size() != predicted.size()) {
            throw new IllegalArgumentException(predicted.size() + " answers to " + gold.size() + " questions");
        }
        Sum answerable = new Sum();
        Sum impossible = new Sum();
        for (int i = 0; i < gold.size(); i++) {
            (gold.get(i).isEmpty() ? impossible : answerable).add(AnswerScore.of(gold.get(i), predicted.get(i)));
        }
        Sum all = new Sum();
        all.add(answerable);
        all.add(impossible);
        return new AnswerScores(all.mean(), answerable.mean(), impossible.mean());
    }

    private static final class Sum {
        private int count;
        private double exactMatch;
        private double f1;

        void add(AnswerScore score) {
            count++;
            exactMatch += score.exactMatch() ? 1 : 0;
            f1 += score.f1();
        }

        void add(Sum other) {
            count += other.count;
            exactMatch += other.exactMatch;
            f1 += other.f1;
        }

        Mean mean() {
            return count == 0 ? new Mean(0, 0, 0) : new Mean(count, exactMatch / count, f1 / count);
        }
    }
}
