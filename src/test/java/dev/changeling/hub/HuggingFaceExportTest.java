package dev.changeling.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestExports;
import dev.changeling.batch.Batches;
import dev.changeling.batch.Sequence;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.error.InputException;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.Generator;
import dev.changeling.model.Head;
import dev.changeling.model.PackedInput;
import dev.changeling.model.ReplacedTokenScorer;
import dev.changeling.model.TransformerEncoder;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.Tokenizers;
import dev.changeling.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HuggingFaceExportTest {
    private static final List<int[]> SEQUENCES =
            List.of(new int[] {2, 5, 6, 7, 8, 3}, new int[] {2, 9, 3}, new int[] {2, 5, 12, 10, 11, 8, 6, 7, 3});

    @TempDir
    Path temporary;

    private static Map<String, List<Long>> shapes(Path folder) {
        Map<String, List<Long>> shapes = new TreeMap<>();
        for (NamedArray array : SafetensorsFile.readAll(folder.resolve("model.safetensors"))) {
            shapes.put(array.name(), array.shape());
        }
        return shapes;
    }

    private static Map<String, List<Long>> trunk(int layers, long hidden, long intermediate) {
        long vocabulary = TestExports.vocabulary().size();
        Map<String, List<Long>> shapes = new TreeMap<>();
        shapes.put("electra.embeddings.word_embeddings.weight", List.of(vocabulary, 16L));
        shapes.put("electra.embeddings.position_embeddings.weight", List.of(24L, 16L));
        shapes.put("electra.embeddings.token_type_embeddings.weight", List.of(2L, 16L));
        linear(shapes, "electra.embeddings_project", hidden, 16);
        norm(shapes, "electra.embeddings.LayerNorm", 16);
        for (int i = 0; i < layers; i++) {
            String layer = "electra.encoder.layer." + i + ".";
            linear(shapes, layer + "attention.self.query", hidden, hidden);
            linear(shapes, layer + "attention.self.key", hidden, hidden);
            linear(shapes, layer + "attention.self.value", hidden, hidden);
            linear(shapes, layer + "attention.output.dense", hidden, hidden);
            norm(shapes, layer + "attention.output.LayerNorm", hidden);
            linear(shapes, layer + "intermediate.dense", intermediate, hidden);
            linear(shapes, layer + "output.dense", hidden, intermediate);
            norm(shapes, layer + "output.LayerNorm", hidden);
        }
        return shapes;
    }

    private static void linear(Map<String, List<Long>> shapes, String name, long out, long in) {
        shapes.put(name + ".weight", List.of(out, in));
        shapes.put(name + ".bias", List.of(out));
    }

    private static void norm(Map<String, List<Long>> shapes, String name, long width) {
        shapes.put(name + ".weight", List.of(width));
        shapes.put(name + ".bias", List.of(width));
    }

    @Test
    void theDiscriminatorHasTheTensorsOfElectraForPreTraining() throws IOException {
        Map<String, List<Long>> expected = trunk(2, 24, 48);
        linear(expected, "discriminator_predictions.dense", 24, 24);
        linear(expected, "discriminator_predictions.dense_prediction", 1, 24);
        assertThat(shapes(TestExports.write(temporary, 1))).isEqualTo(expected);
    }

    @Test
    void theGeneratorHasTheTensorsOfElectraForMaskedLmWithoutTheTiedTable() throws IOException {
        Map<String, List<Long>> expected = trunk(1, 16, 32);
        expected.keySet().removeIf(name -> name.startsWith("electra.embeddings_project"));
        linear(expected, "generator_predictions.dense", 16, 16);
        norm(expected, "generator_predictions.LayerNorm", 16);
        expected.put("generator_lm_head.bias", List.of((long)
                TestExports.vocabulary().size()));
        Path generator = TestExports.write(temporary, 1).resolveSibling("generator");
        assertThat(shapes(generator)).isEqualTo(expected);
    }

    @Test
    void ofSeveralHeadsTheLastIsTheGenerators() throws IOException {
        ModelConfig one = TestExports.config();
        ModelConfig two = new ModelConfig(
                one.embeddingSize(),
                one.sharing(),
                one.maxPositions(),
                one.segmentTypes(),
                one.dropout(),
                one.attentionDropout(),
                one.layerNormEpsilon(),
                one.initialization(),
                one.discriminator(),
                new NetworkConfig(2, 16, 2, 32),
                2);
        Path export = temporary.resolve("several");
        try (Electra model = new Electra(
                TestExports.engine(),
                two,
                TestExports.vocabulary().size(),
                Set.of(Head.REPLACED_TOKENS, Head.MIXTURE))) {
            HuggingFaceExport.write(export, model, two, TestExports.tokenizer(temporary.resolve("tokenizer")), 16);
        }
        Map<String, List<Long>> expected = trunk(2, 16, 32);
        expected.keySet().removeIf(name -> name.startsWith("electra.embeddings_project"));
        linear(expected, "generator_predictions.dense", 16, 16);
        norm(expected, "generator_predictions.LayerNorm", 16);
        expected.put("generator_lm_head.bias", List.of((long)
                TestExports.vocabulary().size()));
        assertThat(shapes(export.resolve("generator"))).isEqualTo(expected);
    }

    @Test
    void theConfigurationsTellTheShapes() throws IOException {
        Path folder = TestExports.write(temporary, 1);
        JsonNode discriminator = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("config.json")));
        JsonNode generator = JsonMapper.shared()
                .readTree(Files.readAllBytes(folder.resolveSibling("generator").resolve("config.json")));
        assertThat(discriminator.toString()).isEqualTo("""
                        {"architectures":["ElectraForPreTraining"],"model_type":"electra","vocab_size":30,\
                        "embedding_size":16,"hidden_size":24,"num_hidden_layers":2,"num_attention_heads":4,\
                        "intermediate_size":48,"hidden_act":"gelu","hidden_dropout_prob":0.1,\
                        "attention_probs_dropout_prob":0.2,"max_position_embeddings":24,\
                        "position_embedding_type":"absolute","type_vocab_size":2,"layer_norm_eps":1.0E-12,\
                        "initializer_range":0.5,"pad_token_id":0,"tie_word_embeddings":true,\
                        "torch_dtype":"float32","classifier_dropout":null,"summary_type":"first",\
                        "summary_use_proj":true,"summary_activation":"gelu","summary_last_dropout":0.1,\
                        "use_cache":true}""");
        assertThat(generator.get("architectures").get(0).stringValue()).isEqualTo("ElectraForMaskedLM");
        assertThat(generator.get("hidden_size").intValue()).isEqualTo(16);
        assertThat(generator.get("num_hidden_layers").intValue()).isEqualTo(1);
        assertThat(generator.get("num_attention_heads").intValue()).isEqualTo(2);
    }

    @Test
    void aDiscriminatorThatIsReadBackScoresAsItDid() throws IOException {
        Path folder = TestExports.write(temporary, 3);
        try (Electra model = TestExports.model(3);
                Pretrained<Discriminator> read = HuggingFaceImport.readDiscriminator(folder, TestExports.engine())) {
            List<float[]> before = new ReplacedTokenScorer(model.engine(), model.discriminator(), 0).score(SEQUENCES);
            List<float[]> after =
                    ReplacedTokenScorer.of(read.model(), read.padding()).score(SEQUENCES);
            for (int i = 0; i < SEQUENCES.size(); i++) {
                assertThat(after.get(i)).isEqualTo(before.get(i));
            }
            assertThat(read.sequenceLength()).isEqualTo(TestExports.SEQUENCE_LENGTH);
        }
    }

    @Test
    void aGeneratorThatIsReadBackPredictsAsItDid() throws IOException {
        Path generator = TestExports.write(temporary, 3).resolveSibling("generator");
        try (Electra model = TestExports.model(3);
                Pretrained<Generator> read = HuggingFaceImport.readGenerator(generator, TestExports.engine())) {
            float[] before = predict(model.engine(), model.generator());
            assertThat(before).hasSize(2 * TestExports.vocabulary().size());
            assertThat(predict(read.model().engine(), read.model().network())).isEqualTo(before);
        }
    }

    private static float[] predict(Engine engine, Generator generator) {
        try (Engine.Scope scope = engine.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            PackedInput input = PackedInput.of(engine, Batches.of(List.of(Sequence.of(SEQUENCES.get(0))), 0));
            return HostCopy.toFloats(
                    generator.predict(input, HostCopy.toDevice(engine, new int[] {1, 2}, 2), Dropout.NONE));
        }
    }

    @Test
    void theTrunkIsReadFromEitherFolder() throws IOException {
        Path folder = TestExports.write(temporary, 3);
        try (Electra model = TestExports.model(3);
                Pretrained<TransformerEncoder> read = HuggingFaceImport.readEncoder(folder, TestExports.engine());
                Pretrained<TransformerEncoder> generators =
                        HuggingFaceImport.readEncoder(folder.resolveSibling("generator"), TestExports.engine())) {
            assertThat(encode(read.model().engine(), read.model().network()))
                    .isEqualTo(encode(model.engine(), model.discriminator().encoder()));
            assertThat(generators.model().config().discriminator())
                    .isEqualTo(TestExports.config().generator());
        }
    }

    private static float[] encode(Engine engine, TransformerEncoder encoder) {
        try (Engine.Scope scope = engine.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            PackedInput input = PackedInput.of(engine, Batches.of(List.of(Sequence.of(SEQUENCES.get(0))), 0));
            return HostCopy.toFloats(encoder.encode(input, Dropout.NONE));
        }
    }

    @Test
    void theTokenizerGoesIntoBothFolders() throws IOException {
        Path folder = TestExports.write(temporary, 1);
        for (Path network : List.of(folder, folder.resolveSibling("generator"))) {
            try (Tokenizer tokenizer = Tokenizers.load(network)) {
                assertThat(tokenizer.ids("An unlikely MAT.")).isEqualTo(new int[] {1, 13, 14, 15, 11, 12});
            }
            assertThat(network.resolve("tokenizer_config.json")).content().contains("\"model_max_length\" : 16");
        }
    }

    @Test
    void anEarlierExportIsReplaced() throws IOException {
        byte[] first = Files.readAllBytes(TestExports.write(temporary, 1).resolve("model.safetensors"));
        byte[] second = Files.readAllBytes(TestExports.write(temporary, 2).resolve("model.safetensors"));
        assertThat(second).isNotEqualTo(first);
        assertThat(entries(temporary)).containsExactly("export", "tokenizer");
    }

    @Test
    void anythingElseInTheWayIsRefusedAndKept() throws IOException {
        Path folder = TestExports.write(temporary, 1);
        Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
        byte[] before = Files.readAllBytes(folder.resolve("model.safetensors"));
        assertThatThrownBy(() -> TestExports.write(temporary, 2))
                .isInstanceOf(InputException.class)
                .hasMessage(temporary.toRealPath().resolve("export") + ": holds discriminator/notes.txt; expected an"
                        + " empty folder, an earlier export, or nothing");
        assertThat(notes).hasContent("mine");
        assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isEqualTo(before);
        assertThat(entries(temporary)).containsExactly("export", "tokenizer");
    }

    @Test
    void anotherModelsTokenizerIsRefusedAndNothingIsLeft() throws IOException {
        List<String> tokens = new ArrayList<>(TestExports.vocabulary().tokens());
        tokens.add("more");
        Path other = temporary.resolve("tokenizer");
        TokenizerFiles.write(
                other, new Vocabulary(tokens, TestExports.vocabulary().special()), BertNormalization.UNCASED, 16);
        try (Electra model = TestExports.model(1)) {
            assertThatThrownBy(() -> HuggingFaceExport.write(
                            temporary.resolve("export"), model, TestExports.config(), other, 16))
                    .isInstanceOf(InputException.class)
                    .hasMessage(other + ": a tokenizer of 31 tokens; the model was trained with one of 30");
        }
        assertThat(entries(temporary)).containsExactly("tokenizer");
    }

    private static List<String> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
