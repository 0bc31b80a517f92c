package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.batch.Sequence;
import dev.changeling.error.InputException;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskFolder.FineTuned;
import dev.changeling.hub.TaskFolders;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.SequenceOutputs;
import dev.changeling.task.FoundAnswer;
import dev.changeling.task.WordTags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@link Classifier}, {@link Regressor}, {@link Tagger} and {@link AnswerReader}, on networks that know nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FineTunedNetworksTest {
    private static final List<String> TEXTS = List.of("the old cat", "a mat .", "", "unlikely " + "cat ".repeat(40));

    private Path classes;
    private Path several;
    private Path number;
    private Path tags;
    private Path answers;
    private Path vectors;

    @BeforeAll
    void write(@TempDir Path folder) throws IOException {
        classes = TaskFolders.write(folder, TaskKind.CLASSIFICATION, "few", "many", "none");
        several = TaskFolders.write(folder, TaskKind.MULTI_LABEL, "few", "many", "none");
        number = TaskFolders.write(folder, TaskKind.REGRESSION, "score");
        tags = TaskFolders.write(folder, TaskKind.TAGGING, "B-x", "O");
        answers = TaskFolders.write(folder, TaskKind.ANSWERS);
        vectors = TaskFolders.write(folder, TaskKind.EMBEDDING);
    }

    /** Returns what a network says of a sequence. */
    private static float[] logits(Path folder, Sequence sequence) throws IOException {
        try (FineTuned network = TaskFolder.read(folder, TestExports.engine())) {
            return SequenceOutputs.of(network.pretrained().model(), 0)
                    .of(List.of(sequence))
                    .get(0);
        }
    }

    private static double probability(Classification classification, String label) {
        return classification.labels().stream()
                .filter(one -> one.label().equals(label))
                .mapToDouble(LabelProbability::probability)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aClassifierGivesEachLabelItsShareTheLikeliestFirst() throws IOException {
        float[] logits = logits(classes, Sequence.of(2, 5, 6, 7, 3));
        double sum = Math.exp(logits[0]) + Math.exp(logits[1]) + Math.exp(logits[2]);
        try (Classifier classifier = Classifier.load(classes, TestExports.engine())) {
            assertThat(classifier.labels()).containsExactly("few", "many", "none");
            assertThat(classifier.isMultiLabel()).isFalse();
            Classification found = classifier.classify("the old cat");
            assertThat(probability(found, "few")).isCloseTo(Math.exp(logits[0]) / sum, within(1e-6));
            assertThat(probability(found, "none")).isCloseTo(Math.exp(logits[2]) / sum, within(1e-6));
            assertThat(found.labels()).isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
            assertThat(found.label()).isEqualTo(found.labels().get(0).label());
            assertThat(found.probability()).isEqualTo(found.labels().get(0).probability());
        }
    }

    @Test
    void whereSeveralLabelsMayApplyEachStandsAlone() throws IOException {
        float[] logits = logits(several, Sequence.of(2, 5, 6, 7, 3));
        try (Classifier classifier = Classifier.load(several, TestExports.engine())) {
            assertThat(classifier.isMultiLabel()).isTrue();
            Classification found = classifier.classify("the old cat");
            for (int i = 0; i < 3; i++) {
                assertThat(probability(found, classifier.labels().get(i)))
                        .isCloseTo(1 / (1 + Math.exp(-logits[i])), within(1e-6));
            }
            assertThat(found.likely())
                    .isEqualTo(found.labels().stream()
                            .filter(label -> label.probability() > 0.5)
                            .map(LabelProbability::label)
                            .toList());
        }
    }

    @Test
    void aPairIsJudgedTogether() throws IOException {
        float[] logits = logits(number, new Sequence(new int[] {2, 5, 6, 3, 7, 3}, 4));
        try (Regressor regressor = Regressor.load(number, TestExports.engine())) {
            List<Double> found = regressor.estimate(List.of(
                    new TextPair("the old", "cat"), TextPair.of("the old cat"), new TextPair("the", "old cat")));
            assertThat(found.get(0)).isCloseTo(logits[0], within(1e-5));
            assertThat(found).doesNotHaveDuplicates();
        }
    }

    @Test
    void textsAreJudgedEachByItself() throws IOException {
        try (Classifier classifier = Classifier.load(classes, TestExports.engine())) {
            List<Classification> together = classifier.classify(TEXTS);
            assertThat(together).hasSameSizeAs(TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                Classification alone = classifier.classify(TEXTS.get(i));
                assertThat(together.get(i).label()).isEqualTo(alone.label());
                assertThat(together.get(i).probability()).isCloseTo(alone.probability(), within(1e-6));
            }
            assertThat(classifier.classify(List.of())).isEmpty();
        }
    }

    @Test
    void aTaggerGivesEachWordATagHoweverLongTheSentence() throws IOException {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            words.addAll(List.of("the", "unlikely", "cat"));
        }
        float[] logits = logits(tags, Sequence.of(2, 5, 13, 14, 15, 7, 3));
        try (Tagger tagger = Tagger.load(tags, TestExports.engine())) {
            assertThat(tagger.labels()).containsExactly("B-x", "O");
            List<List<WordTags.Tag>> found =
                    tagger.tag(List.of(List.of("the", "unlikely", "cat"), words, List.of("\u0001")));
            assertThat(found).extracting(List::size).containsExactly(3, 60, 1);
            int[] tokens = {1, 2, 5};
            for (int word = 0; word < 3; word++) {
                double first = logits[2 * tokens[word]];
                double second = logits[2 * tokens[word] + 1];
                assertThat(found.get(0).get(word).name()).isEqualTo(first >= second ? "B-x" : "O");
                assertThat(found.get(0).get(word).probability())
                        .isCloseTo(1 / (1 + Math.exp(-Math.abs(first - second))), within(1e-6));
            }
            assertThat(tagger.tag(List.of())).isEmpty();
        }
    }

    @Test
    void anAnswerStandsInTheTextHoweverLongItIs() throws IOException {
        String context = "The  old CAT sat on a mat. ".repeat(10);
        try (AnswerReader reader = AnswerReader.load(answers, TestExports.engine())) {
            FoundAnswer found = reader.answer("on a mat", context);
            // The folder's network has learnt that there may be none.
            assertThat(found.text().isEmpty()).isEqualTo(found.noneScore() > found.score());
            assertThat(found.text()).isEqualTo(context.substring(found.start(), found.end()));
            double margin = found.noneMargin();
            assertThat(reader.answer("on a mat", context, margin).text()).isNotEmpty();
            assertThat(reader.answer("on a mat", context, Math.nextDown(margin)).text())
                    .isEmpty();
            assertThat(reader.answer("on a mat", "").text()).isEmpty();
        }
        Path config = answers.resolve("config.json");
        String learnt = Files.readString(config);
        assertThat(learnt).contains("\"answer_may_be_none\" : true");
        Files.writeString(config, learnt.replace("\"answer_may_be_none\" : true", "\"answer_may_be_none\" : false"));
        try (AnswerReader reader = AnswerReader.load(answers, TestExports.engine())) {
            assertThat(reader.answer("on a mat", context).text()).isNotEmpty();
        } finally {
            Files.writeString(config, learnt);
        }
    }

    @Test
    void severalThreadsGetWhatOneGets() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Classifier classifier = Classifier.load(classes, TestExports.engine())) {
            List<Classification> expected = classifier.classify(TEXTS);
            List<Future<List<Classification>>> found = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                found.add(threads.submit(() -> classifier.classify(TEXTS)));
            }
            for (Future<List<Classification>> one : found) {
                assertThat(one.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void whatIsClosedSaysSo() throws IOException {
        Classifier classifier = Classifier.load(classes, TestExports.engine());
        Regressor regressor = Regressor.load(number, TestExports.engine());
        Tagger tagger = Tagger.load(tags, TestExports.engine());
        AnswerReader reader = AnswerReader.load(answers, TestExports.engine());
        for (int times = 0; times < 2; times++) {
            classifier.close();
            regressor.close();
            tagger.close();
            reader.close();
        }
        assertThatThrownBy(() -> classifier.classify("the"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the classifier is closed");
        assertThatThrownBy(() -> regressor.estimate(List.of(TextPair.of("the"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the regressor is closed");
        assertThatThrownBy(() -> tagger.tag(List.of(List.of("the"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the tagger is closed");
        assertThatThrownBy(() -> reader.answer("the", "cat"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the answer reader is closed");
    }

    @Test
    void aNetworkOfAnotherKindIsRefusedInOneLine() {
        assertThatThrownBy(() -> Classifier.load(tags, TestExports.engine()))
                .isInstanceOf(InputException.class)
                .hasMessage(tags + ": a network for tagging; expected one for classification or multi-label");
        assertThatThrownBy(() -> Regressor.load(several, TestExports.engine()))
                .isInstanceOf(InputException.class)
                .hasMessage(several + ": a network for multi-label; expected one for regression");
        assertThatThrownBy(() -> Tagger.load(vectors, TestExports.engine()))
                .isInstanceOf(InputException.class)
                .hasMessage(vectors + ": a network for embedding; expected one for tagging");
        assertThatThrownBy(() -> AnswerReader.load(classes, TestExports.engine()))
                .isInstanceOf(InputException.class)
                .hasMessage(classes + ": a network for classification; expected one for answers");
    }
}
