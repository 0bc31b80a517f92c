package dev.changeling.task;

import java.util.List;

/**
 * A question about a text, whose answer is a part of the text.
 *
 * @param source the file it stands in
 * @param id its name, another for each question of the file
 * @param question what is asked
 * @param context the text
 * @param answers those that people gave; none if it is impossible, or if the file need not have any
 * @param impossible whether the text does not hold an answer, as SQuAD 2.0 has it
 */
public record Question(
        String source, String id, String question, String context, List<Answer> answers, boolean impossible) {
    public Question {
        answers = List.copyOf(answers);
    }
}
