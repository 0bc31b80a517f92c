package dev.changeling.finetuning;

import dev.changeling.batch.SequenceBuilder;
import dev.changeling.evaluation.ClassificationScores;
import dev.changeling.evaluation.SpanScores;
import dev.changeling.hub.TaskKind;
import dev.changeling.task.Labels;
import dev.changeling.task.TagScheme;
import dev.changeling.task.TaggedSentence;
import dev.changeling.task.WordSequence;
import dev.changeling.task.WordTags;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * One of K tags of each word, said of its first token: cross-entropy over the words.
 *
 * @param labelSet the tags of the training sentences
 * @param scheme whether the tags make spans
 * @param tokenizer of the network
 * @param sequences as long as the network takes them
 */
record TaggingTask(Labels labelSet, TagScheme scheme, Tokenizer tokenizer, SequenceBuilder sequences)
        implements Task<TaggedSentence, TaggingTask.Target, List<String>> {

    /**
     * What a part of a sentence should have been tagged with.
     *
     * @param words where its words stand
     * @param ofTokens for each token, the tag, or {@link Losses#IGNORED}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Target(WordSequence words, int[] ofTokens) {}

    @Override
    public TaskKind kind() {
        return TaskKind.TAGGING;
    }

    @Override
    public List<String> labels() {
        return labelSet.names();
    }

    @Override
    public List<Item<Target>> items(TaggedSentence example) {
        return WordSequence.of(example.words(), tokenizer, sequences).stream()
                .map(part -> Item.of(part.sequence(), target(example, part)))
                .toList();
    }

    private Target target(TaggedSentence example, WordSequence part) {
        int[] ofTokens = new int[part.sequence().length()];
        Arrays.fill(ofTokens, Losses.IGNORED);
        for (int word = 0; word < part.tokens().length; word++) {
            int tag = labelSet.id(example.tags().get(part.firstWord() + word), example.where());
            if (part.tokens()[word] >= 0) {
                ofTokens[part.tokens()[word]] = tag;
            }
        }
        return new Target(part, ofTokens);
    }

    @Override
    public Tensor lossSum(Engine engine, Tensor outputs, List<Item<Target>> items) {
        int[] targets = items.stream()
                .flatMapToInt(item -> Arrays.stream(item.target().ofTokens()))
                .toArray();
        return Losses.crossEntropy(engine, outputs, targets);
    }

    @Override
    public double weight(Item<Target> item) {
        return Arrays.stream(item.target().words().tokens())
                .filter(token -> token >= 0)
                .count();
    }

    @Override
    public List<String> prediction(TaggedSentence example, List<Item<Target>> items, List<float[]> outputs) {
        List<WordSequence> parts =
                items.stream().map(item -> item.target().words()).toList();
        return WordTags.of(parts, outputs, labelSet.names()).stream()
                .map(WordTags.Tag::name)
                .toList();
    }

    /** Returns what may decide, see {@link TaskExamples}. */
    static List<String> measures(TagScheme scheme) {
        return scheme == TagScheme.PLAIN
                ? List.of("accuracy", "macro_f1")
                : List.of("span_f1", "precision", "recall", "accuracy");
    }

    @Override
    public TaskScores scores(List<TaggedSentence> examples, List<List<String>> predictions) {
        List<List<String>> gold = examples.stream().map(TaggedSentence::tags).toList();
        ClassificationScores words =
                ClassificationScores.of(labelSet.size(), ids(gold.stream()), ids(predictions.stream()));
        if (scheme == TagScheme.PLAIN) {
            Map<String, Double> ofWords = new LinkedHashMap<>();
            ofWords.put("accuracy", words.accuracy());
            ofWords.put("macro_f1", words.macroF1());
            return new TaskScores("accuracy", ofWords);
        }
        SpanScores spans = SpanScores.of(
                gold, predictions.stream().map(TaggingTask::inScheme).toList());
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("span_f1", spans.overall().f1());
        values.put("precision", spans.overall().precision());
        values.put("recall", spans.overall().recall());
        values.put("accuracy", words.accuracy());
        spans.types().forEach((type, ofType) -> values.put("span_f1_" + type, ofType.f1()));
        return new TaskScores("span_f1", values);
    }

    /** Returns tags of which those that are of no scheme, such as X for the pieces of words, mark no span. */
    private static List<String> inScheme(List<String> tags) {
        return tags.stream().map(tag -> TagScheme.SPANS.admits(tag) ? tag : "O").toList();
    }

    private int[] ids(Stream<List<String>> tags) {
        return tags.flatMap(List::stream)
                .mapToInt(tag -> labelSet.id(tag, "a prediction"))
                .toArray();
    }

    @Override
    public Map<String, Object> row(TaggedSentence example, List<String> prediction) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("line", example.line());
        row.put("words", new ArrayList<>(example.words()));
        row.put("tags", new ArrayList<>(example.tags()));
        row.put("predicted", prediction);
        return row;
    }
}
