package dev.changeling.evaluation;

import java.util.List;

/**
 * The score of one answer beside the gold answers to its question.
 *
 * @param exactMatch whether it is the same as one of them, after both are normalised
 * @param f1 of its words, with the gold answer with which this is best
 */
public record AnswerScore(boolean exactMatch, double f1) {

    /**
     * Compares an answer with what is right.
     *
     * @param gold the answers; none if the question has none
     * @param predicted an answer, "" to say that there is none
     */
    public static AnswerScore of(List<String> gold, String predicted) {
        AnswerText answer = AnswerText.of(predicted);
        List<AnswerText> texts = gold.stream()
                .map(AnswerText::of)
                .filter(text -> !text.isEmpty())
                .toList();
        List<AnswerText> expected = texts.isEmpty() ? List.of(AnswerText.of("")) : texts;
        return new AnswerScore(
                expected.stream().anyMatch(answer::matches),
                expected.stream().mapToDouble(answer::f1).max().orElseThrow());
    }
}
