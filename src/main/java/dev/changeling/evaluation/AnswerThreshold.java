package dev.changeling.evaluation;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * From where on "no answer" is best said, as the evaluation script of SQuAD 2.0 finds it ({@code best_f1} and
 * {@code best_f1_thresh}). It is chosen on the questions that it is scored on, so its score flatters. The script's
 * threshold is the margin of a question; this one is midway to the next, so that rounding it changes nothing. Where it
 * is best to answer nothing, the script says 0, which answers some; this says less than any margin.
 *
 * @param threshold no answer is said where there being none is above the likeliest answer by more than this, in logits
 * @param score the mean over the questions then
 */
public record AnswerThreshold(double threshold, double score) {

    /**
     * Returns the threshold with the best score, the lowest of several.
     *
     * @param margins of each question: by how much there being no answer is above the likeliest answer
     * @param ifAnswered the score of the likeliest answer to each
     * @param ifNone the score of no answer to each
     * @throws IllegalArgumentException if there is no question
     */
    public static AnswerThreshold best(double[] margins, double[] ifAnswered, double[] ifNone) {
        int[] byMargin = IntStream.range(0, margins.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> margins[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        if (byMargin.length == 0) {
            throw new IllegalArgumentException("no questions");
        }
        double sum =
                IntStream.range(0, ifNone.length).mapToDouble(i -> ifNone[i]).sum();
        double best = sum;
        double threshold = margins[byMargin[0]] - 1; // nothing is answered
        for (int next = 0; next < byMargin.length; next++) {
            int question = byMargin[next];
            sum += ifAnswered[question] - ifNone[question];
            double following = next + 1 == byMargin.length ? margins[question] + 1 : margins[byMargin[next + 1]];
            if (following > margins[question] && sum > best) {
                best = sum;
                threshold = (margins[question] + following) / 2;
            }
        }
        return new AnswerThreshold(threshold, best / margins.length);
    }
}
