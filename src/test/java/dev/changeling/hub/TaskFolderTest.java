package dev.changeling.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestExports;
import dev.changeling.batch.Sequence;
import dev.changeling.error.InputException;
import dev.changeling.hub.TaskFolder.FineTuned;
import dev.changeling.model.Pooling;
import dev.changeling.model.SequenceOutputs;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TaskFolderTest {
    private static final List<Sequence> SEQUENCES =
            List.of(Sequence.of(2, 5, 6, 7, 3), new Sequence(new int[] {2, 9, 3, 8, 11, 3}, 3), Sequence.of(2, 3));

    /** What JSON, tables and programs may take for something else. */
    private static final List<String> ODD = List.of("", " ", "\"a\\b\"\n", "1", "été 😀", "LABEL_0");

    @TempDir
    private Path temporary;

    private Path tokenizer;

    @BeforeEach
    void writeTokenizer() throws IOException {
        tokenizer = TestExports.tokenizer(temporary.resolve("tokenizer"));
    }

    private static List<String> labels(TaskKind kind) {
        return switch (kind) {
            case CLASSIFICATION, MULTI_LABEL, TAGGING -> ODD;
            case REGRESSION -> List.of("how much");
            case ANSWERS, EMBEDDING -> List.of();
        };
    }

    private static List<float[]> outputs(FineTuned network) {
        return SequenceOutputs.of(network.pretrained().model(), 0).of(SEQUENCES);
    }

    private static JsonNode config(Path folder) throws IOException {
        return JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("config.json")));
    }

    @ParameterizedTest
    @EnumSource(TaskKind.class)
    void aNetworkThatIsReadBackSaysWhatItSaid(TaskKind kind) throws IOException {
        Path folder = temporary.resolve("network");
        try (FineTuned written = TaskFolders.network(kind, labels(kind), Pooling.CLS, Tokenizers.load(tokenizer))) {
            TaskFolder.write(folder, written, tokenizer, null);
            assertThat(TaskFolder.kind(folder)).isEqualTo(kind);
            try (FineTuned read = TaskFolder.read(folder, TestExports.engine())) {
                assertThat(read.kind()).isEqualTo(kind);
                assertThat(read.labels()).isEqualTo(labels(kind));
                assertThat(read.pooling()).isEqualTo(kind == TaskKind.EMBEDDING ? Pooling.CLS : Pooling.MEAN);
                assertThat(read.pretrained().sequenceLength()).isEqualTo(TestExports.SEQUENCE_LENGTH);
                List<float[]> before = outputs(written);
                List<float[]> after = outputs(read);
                for (int i = 0; i < SEQUENCES.size(); i++) {
                    assertThat(after.get(i)).isEqualTo(before.get(i));
                }
                assertThat(before.get(0)).isNotEqualTo(before.get(1));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CLASSIFICATION, ElectraForSequenceClassification, single_label_classification",
        "MULTI_LABEL, ElectraForSequenceClassification, multi_label_classification",
        "REGRESSION, ElectraForSequenceClassification, regression",
        "TAGGING, ElectraForTokenClassification,",
        "ANSWERS, ElectraForQuestionAnswering,",
        "EMBEDDING, ElectraModel,"
    })
    void theConfigurationTellsTheClassAndTheLabels(TaskKind kind, String architecture, String problem)
            throws IOException {
        List<String> labels = labels(kind);
        JsonNode config = config(TaskFolders.write(temporary, kind, labels.toArray(String[]::new)));
        assertThat(config.at("/architectures").toString()).isEqualTo("[\"" + architecture + "\"]");
        assertThat(config.path("problem_type").asString("")).isEqualTo(problem == null ? "" : problem);
        assertThat(config.has("id2label")).isEqualTo(!labels.isEmpty());
        for (int id = 0; id < labels.size(); id++) {
            assertThat(config.path("id2label").path("" + id).stringValue()).isEqualTo(labels.get(id));
            assertThat(config.path("label2id").path(labels.get(id)).intValue()).isEqualTo(id);
        }
        assertThat(config.path("label2id").size()).isEqualTo(labels.size());
    }

    @Test
    void oneThatMakesVectorsOpensInSentenceTransformers() throws IOException {
        Path folder = TaskFolders.write(temporary, TaskKind.EMBEDDING);
        JsonNode modules = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("modules.json")));
        assertThat(modules.at("/0/type").stringValue()).isEqualTo("sentence_transformers.models.Transformer");
        assertThat(modules.at("/0/path").stringValue()).isEmpty();
        assertThat(modules.at("/1/type").stringValue()).isEqualTo("sentence_transformers.models.Pooling");
        JsonNode pooling = JsonMapper.shared()
                .readTree(Files.readAllBytes(
                        folder.resolve(modules.at("/1/path").stringValue()).resolve("config.json")));
        assertThat(pooling.path("word_embedding_dimension").intValue()).isEqualTo(24);
        assertThat(pooling.path("pooling_mode_mean_tokens").booleanValue()).isTrue();
        assertThat(pooling.path("pooling_mode_cls_token").booleanValue()).isFalse();
        assertThat(folder.resolve("sentence_bert_config.json")).content().contains("16");
    }

    /** A setting of {@code config.json} that is changed, and what is said of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id2label      | {\"0\": \"a\", \"2\": \"b\"}        | id2label: no label 1; expected the ids 0 to 1",
                "id2label      | {}                                  | id2label: no labels; expected one or more",
                "id2label      | [\"a\", \"b\"]                      | id2label: expected an object of labels by their ids",
                "id2label      | {\"0\": \"a\", \"1\": 3}            | id2label: expected an object of labels by their ids",
                "id2label      | {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"} | out_proj.weight: shape [2, 24]; expected [3, 24]",
                "architectures | [\"ElectraForPreTraining\"]         | architectures",
                "architectures | [\"ElectraForMultipleChoice\"]      | architectures",
                "architectures | []                                  | architectures",
                "architectures | [\"ElectraForQuestionAnswering\"]   | qa_outputs",
                "architectures | [\"ElectraForTokenClassification\"] | classifier.weight",
                "problem_type  | \"ranking\"                         | problem_type",
                "problem_type  | \"regression\"                      | out_proj.weight: shape [2, 24]; expected [1, 24]"
            })
    void aConfigurationThatIsWrongIsRefusedInOneLine(String key, String value, String expected) throws IOException {
        Path folder = TaskFolders.write(temporary, TaskKind.CLASSIFICATION, "no", "yes");
        ObjectNode config = (ObjectNode) config(folder);
        config.set(key, JsonMapper.shared().readTree(value));
        Files.writeString(folder.resolve("config.json"), config.toString());
        assertThatThrownBy(() -> TaskFolder.read(folder, TestExports.engine()).close())
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining(expected)
                .message()
                .hasLineCount(1);
    }

    @Test
    void aNetworkWithoutItsTaskIsNone() throws IOException {
        Path discriminator = TestExports.write(temporary.resolve("pretrained"), 1);
        assertThatThrownBy(() -> TaskFolder.kind(discriminator))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining("ElectraForSequenceClassification")
                .message()
                .hasLineCount(1);
    }

    @Test
    void labelsThatTransformersLeavesOutAreItsTwo() throws IOException {
        Path folder = TaskFolders.write(temporary, TaskKind.CLASSIFICATION, "no", "yes");
        ObjectNode config = (ObjectNode) config(folder);
        config.remove(List.of("id2label", "label2id", "problem_type"));
        Files.writeString(folder.resolve("config.json"), config.toString());
        try (FineTuned read = TaskFolder.read(folder, TestExports.engine())) {
            assertThat(read.kind()).isEqualTo(TaskKind.CLASSIFICATION);
            assertThat(read.labels()).containsExactly("LABEL_0", "LABEL_1");
        }
    }

    @Test
    void oneLabelAloneIsANumber() throws IOException {
        Path folder = TaskFolders.write(temporary, TaskKind.REGRESSION, "score");
        ObjectNode config = (ObjectNode) config(folder);
        config.remove("problem_type");
        Files.writeString(folder.resolve("config.json"), config.toString());
        assertThat(TaskFolder.kind(folder)).isEqualTo(TaskKind.REGRESSION);
    }

    @Test
    void somethingInTheWayIsKept() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("network"));
        Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
        try (Tokenizer loaded = Tokenizers.load(tokenizer);
                FineTuned network = TaskFolders.network(TaskKind.ANSWERS, List.of(), Pooling.MEAN, loaded)) {
            assertThatThrownBy(() -> TaskFolder.write(folder, network, tokenizer, null))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("notes.txt");
        }
        assertThat(notes).hasContent("mine");
    }
}
