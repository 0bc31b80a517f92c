package dev.changeling.finetuning;

import dev.changeling.task.FoundAnswer;
import dev.changeling.task.Question;
import java.nio.file.Path;
import java.util.List;

/** The definition of {@link AnswerTask}. */
record AnswerDefinition(TaskFormat format) implements TaskDefinition<Question, AnswerTask.Target, FoundAnswer> {

    @Override
    public List<Question> read(Path file) {
        return format.questions(file);
    }

    @Override
    public TaskExamples<Question, AnswerTask.Target, FoundAnswer> examples(FineTuningPlan plan) {
        TaskFiles.Split<Question> split = plan.data().split(this::read);
        boolean mayBeNone = split.all().stream().anyMatch(Question::impossible);
        return TaskExamples.of(
                plan,
                split,
                AnswerTask.measures(mayBeNone),
                text -> new AnswerTask(text.tokenizer(), text.sequences(), mayBeNone));
    }

    @Override
    public AnswerTask taught(TaughtNetwork network, List<Question> examples) {
        TextItems text = network.text();
        return new AnswerTask(text.tokenizer(), text.sequences(), network.mayBeNone(), network.noneThreshold());
    }

    @Override
    public CardWords words() {
        return new CardWords(
                "transformers",
                "question-answering",
                "It finds where in a text the answer to a question stands.",
                """
                from transformers import AutoModelForQuestionAnswering, AutoTokenizer

                tokenizer = AutoTokenizer.from_pretrained(".")
                model = AutoModelForQuestionAnswering.from_pretrained(".")
                said = model(**tokenizer("your question?", "your own text", return_tensors="pt"))
                first, last = said.start_logits, said.end_logits          # one for each token
                """,
                "predict --model . --question \"your question?\"");
    }
}
