package dev.changeling.finetuning;

import dev.changeling.TestConfigs;
import dev.changeling.TestExports;
import dev.changeling.batch.SequenceBuilder;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.Initialization;
import dev.changeling.model.Pooling;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.task.Answer;
import dev.changeling.task.Question;
import dev.changeling.task.TaggedSentence;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Little tasks about the words of {@link TestExports#vocabulary()}, and networks small enough to learn them in a test.
 */
final class TinyTasks implements AutoCloseable {
    private static final List<String> WORDS =
            List.of("the", "old", "cat", "sat", "on", "a", "mat", ".", "unlikely", "b", "c", "d", "e");

    /** Without dropout, one step an epoch for up to a thousand items. */
    static final FineTuningSettings ONE_STEP = settings(1, 1000, 1e-3, 0, 0);

    private final Tokenizer tokenizer;

    TinyTasks(Path folder) throws IOException {
        tokenizer = Tokenizers.load(TestExports.tokenizer(folder.resolve("tokenizer")));
    }

    static FineTuningSettings settings(int epochs, int batch, double rate, double dropout, int patience) {
        return new FineTuningSettings(epochs, batch, rate, 0.9, 0.1, 0.01, dropout, dropout, patience, 0);
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    SequenceBuilder sequences() {
        return new SequenceBuilder(TestConfigs.SPECIAL, TestExports.SEQUENCE_LENGTH);
    }

    TextItems text() {
        return new TextItems(tokenizer, sequences());
    }

    static StandaloneModel<TaskNetwork> network(TaskKind kind, int labels, long seed) {
        return network(TestExports.engine(), kind, labels, seed);
    }

    /** Returns a network with weights that were drawn, larger than in practice: outputs differ from each other. */
    static StandaloneModel<TaskNetwork> network(Engine engine, TaskKind kind, int labels, long seed) {
        StandaloneModel<TaskNetwork> model = kind.network(
                engine, TestExports.config(), TestExports.vocabulary().size(), labels, Pooling.MEAN);
        Initialization.apply(model.parameters(), name -> true, 0.3, seed);
        return model;
    }

    static float[] weights(StandaloneModel<TaskNetwork> model) {
        try (Engine.Scope scope = model.engine().scope()) {
            return HostCopy.toFloats(model.parameters().values());
        }
    }

    /** Returns texts of 1 to 12 words. */
    static List<TextExample> texts(int count, long seed, Function<List<String>, List<String>> labels) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    List<String> words = words(RandomStream.of(seed, Purpose.SWAPS, i), 12);
                    return new TextExample("train.tsv", i + 2, String.join(" ", words), null, labels.apply(words));
                })
                .toList();
    }

    /** Returns texts of two labels, by whether there is a cat in them. */
    static List<TextExample> cats(int count, long seed) {
        return texts(count, seed, words -> List.of(words.contains("cat") ? "yes" : "no"));
    }

    /** Returns sentences in which a cat and what comes after it are a span. */
    static List<TaggedSentence> spans(int count, long seed) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    List<String> words = words(RandomStream.of(seed, Purpose.SWAPS, i), 20);
                    List<String> tags = new ArrayList<>();
                    for (int word = 0; word < words.size(); word++) {
                        boolean after = word > 0 && words.get(word - 1).equals("cat");
                        tags.add(words.get(word).equals("cat") ? "B-x" : after ? "I-x" : "O");
                    }
                    return new TaggedSentence("train.conll", i + 1, words, tags);
                })
                .toList();
    }

    /** Returns questions whose answer is the only cat of a text, with what comes after it, or that have none. */
    static List<Question> questions(int count, long seed) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    RandomStream random = RandomStream.of(seed, Purpose.SWAPS, i);
                    List<String> words = new ArrayList<>(words(random, 14));
                    words.removeIf("cat"::equals);
                    boolean impossible = random.nextDouble() < 0.3;
                    if (!impossible) {
                        words.add(random.nextInt(words.size() + 1), "cat");
                    }
                    words.add("mat");
                    String context = String.join(" ", words);
                    return new Question(
                            "train.json",
                            "q" + i,
                            "the old",
                            context,
                            impossible ? List.of() : List.of(new Answer("cat", context.indexOf("cat"))),
                            impossible);
                })
                .toList();
    }

    /** Returns one to so many words. */
    private static List<String> words(RandomStream random, int most) {
        int length = 1 + random.nextInt(most);
        return IntStream.range(0, length)
                .mapToObj(i -> {
                    boolean cat = random.nextDouble() < 0.06;
                    return cat ? "cat" : WORDS.get(random.nextInt(WORDS.size()));
                })
                .toList();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
