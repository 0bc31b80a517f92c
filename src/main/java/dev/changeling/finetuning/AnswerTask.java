package dev.changeling.finetuning;

import dev.changeling.batch.SequenceBuilder;
import dev.changeling.evaluation.AnswerScore;
import dev.changeling.evaluation.AnswerScores;
import dev.changeling.evaluation.AnswerThreshold;
import dev.changeling.hub.TaskKind;
import dev.changeling.task.Answer;
import dev.changeling.task.AnswerWindow;
import dev.changeling.task.FoundAnswer;
import dev.changeling.task.Question;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Where in a text the answer to a question stands: cross-entropy of its first and of its last token over the tokens of
 * a window, the mean of both; [CLS] stands for no answer (Devlin et al., arXiv 1810.04805, sections 4.2 and 4.3).
 *
 * @param tokenizer of the network
 * @param sequences as long as the network takes them
 * @param mayBeNone whether there may be no answer
 * @param noneThreshold by how much there being no answer must be the likelier, to be said; of no meaning if there
 *     always is one
 */
record AnswerTask(Tokenizer tokenizer, SequenceBuilder sequences, boolean mayBeNone, double noneThreshold)
        implements Task<Question, AnswerTask.Target, FoundAnswer> {

    /**
     * Where the answer stands.
     *
     * @param window that is looked at
     * @param span the answer's ends in it
     */
    record Target(AnswerWindow window, AnswerWindow.Span span) {}

    /** A task in which no answer is said where it is the likelier. */
    AnswerTask(Tokenizer tokenizer, SequenceBuilder sequences, boolean mayBeNone) {
        this(tokenizer, sequences, mayBeNone, 0);
    }

    @Override
    public TaskKind kind() {
        return TaskKind.ANSWERS;
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public List<Item<Target>> items(Question question) {
        return AnswerWindow.of(question.question(), question.context(), tokenizer, sequences).stream()
                .map(window -> Item.of(window.sequence(), new Target(window, span(question, window))))
                .toList();
    }

    // Of several answers the first is learnt, as google and Hugging Face do.
    private static AnswerWindow.Span span(Question question, AnswerWindow window) {
        return question.impossible() || question.answers().isEmpty()
                ? AnswerWindow.Span.NONE
                : window.span(question.answers().get(0));
    }

    @Override
    public Tensor lossSum(Engine engine, Tensor outputs, List<Item<Target>> items) {
        Tensor sum = torch.zeros(new long[] {1}, engine.floats());
        long from = 0;
        for (Item<Target> item : items) {
            long length = item.length();
            Tensor logProbabilities = torch.log_softmax(outputs.narrow(0, from, length), 0);
            AnswerWindow.Span span = item.target().span();
            int[] places = {2 * span.first(), 2 * span.last() + 1};
            sum = sum.sub(logProbabilities
                    .reshape(-1)
                    .index_select(0, HostCopy.toDevice(engine, places, places.length))
                    .sum());
            from += length;
        }
        return sum.sum().div(new Scalar(2));
    }

    @Override
    public double weight(Item<Target> item) {
        return 1;
    }

    @Override
    public FoundAnswer prediction(Question question, List<Item<Target>> items, List<float[]> outputs) {
        return FoundAnswer.in(
                question.context(),
                items.stream().map(item -> item.target().window()).toList(),
                outputs);
    }

    private FoundAnswer said(FoundAnswer likeliest) {
        return mayBeNone ? likeliest.orNone(noneThreshold) : likeliest;
    }

    /** Returns what may decide, see {@link TaskExamples}. */
    static List<String> measures(boolean mayBeNone) {
        return mayBeNone
                ? List.of("f1", "exact_match", "answerable_f1", "impossible_accuracy", "best_f1")
                : List.of("f1", "exact_match");
    }

    @Override
    public TaskScores scores(List<Question> questions, List<FoundAnswer> predictions) {
        AnswerScores scores = AnswerScores.of(
                questions.stream().map(AnswerTask::gold).toList(),
                predictions.stream().map(this::said).map(FoundAnswer::text).toList());
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("f1", scores.all().f1());
        values.put("exact_match", scores.all().exactMatch());
        Map<String, Double> settings = new LinkedHashMap<>();
        if (mayBeNone) {
            values.put("answerable_f1", scores.answerable().f1());
            values.put("impossible_accuracy", scores.impossible().exactMatch());
            AnswerThreshold best = bestThreshold(questions, predictions);
            values.put("best_f1", best.score());
            settings.put("none_threshold", best.threshold());
        }
        return new TaskScores("f1", values, settings);
    }

    private static AnswerThreshold bestThreshold(List<Question> questions, List<FoundAnswer> predictions) {
        return AnswerThreshold.best(
                predictions.stream().mapToDouble(FoundAnswer::noneMargin).toArray(),
                IntStream.range(0, questions.size())
                        .mapToDouble(i -> AnswerScore.of(
                                        gold(questions.get(i)),
                                        predictions.get(i).text())
                                .f1())
                        .toArray(),
                questions.stream()
                        .mapToDouble(
                                question -> AnswerScore.of(gold(question), "").f1())
                        .toArray());
    }

    private static List<String> gold(Question question) {
        return question.answers().stream().map(Answer::text).toList();
    }

    @Override
    public Map<String, Object> row(Question question, FoundAnswer prediction) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", question.id());
        row.put("question", question.question());
        row.put("answers", gold(question));
        row.put("predicted", said(prediction).text());
        row.put("start", said(prediction).start());
        row.put("score", prediction.score() - prediction.noneScore());
        return row;
    }
}
