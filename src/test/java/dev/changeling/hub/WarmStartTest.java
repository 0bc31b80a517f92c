package dev.changeling.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestExports;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.error.InputException;
import dev.changeling.hub.WarmStartReport.Entry;
import dev.changeling.hub.WarmStartReport.Outcome;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.safetensors.SafetensorsWriter;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmStartTest {
    private static final String WORDS = "shared.electra.embeddings.word_embeddings.weight";
    private static final String POSITIONS = "shared.electra.embeddings.position_embeddings.weight";
    private static final String SEGMENTS = "shared.electra.embeddings.token_type_embeddings.weight";

    @TempDir
    Path temporary;

    private Path export;
    private Path discriminator;
    private Path generator;

    @BeforeEach
    void exportNetworks() throws IOException {
        discriminator = TestExports.write(temporary, 5);
        export = temporary.resolve("export");
        generator = export.resolve("generator");
    }

    /** The weights of a model by name, and what was told of them. */
    private record Started(Map<String, float[]> weights, WarmStartReport report) {
        List<String> tensors(Outcome outcome) {
            return report.entries().stream()
                    .filter(entry -> entry.outcome() == outcome)
                    .map(Entry::tensor)
                    .toList();
        }

        String note(String tensor) {
            return report.entries().stream()
                    .filter(entry -> entry.tensor().equals(tensor))
                    .map(Entry::note)
                    .collect(Collectors.joining());
        }
    }

    private static Map<String, float[]> weights(Electra model) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        try (Engine.Scope scope = model.engine().scope()) {
            model.parameters().parts().forEach((name, part) -> weights.put(name, HostCopy.toFloats(part.tensor())));
        }
        return weights;
    }

    private static Map<String, float[]> fresh(long seed) {
        try (Electra model = TestExports.model(seed)) {
            return weights(model);
        }
    }

    private Started start(ModelConfig config, Path tokenizer, int tokens, Path... from) throws IOException {
        try (WarmStart start = WarmStart.open(List.of(from));
                Electra model = new Electra(TestExports.engine(), config, tokens)) {
            start.requireFits(config);
            Initialization.apply(model, config, 6);
            WarmStartReport report = start.apply(model, tokenizer);
            return new Started(weights(model), report);
        }
    }

    private Started start(Path... from) throws IOException {
        return start(
                TestExports.config(), discriminator, TestExports.vocabulary().size(), from);
    }

    private static boolean same(Map<String, float[]> left, Map<String, float[]> right, String name) {
        return Arrays.equals(left.get(name), right.get(name));
    }

    @Test
    void bothNetworksComeBackWhole() throws IOException {
        Started started = start(export);
        Map<String, float[]> saved = fresh(5);
        assertThat(started.weights().keySet())
                .allSatisfy(
                        name -> assertThat(started.weights().get(name)).as(name).containsExactly(saved.get(name)));
        assertThat(started.tensors(Outcome.LOADED)).containsExactlyElementsOf(saved.keySet());
        assertThat(started.tensors(Outcome.MADE_ANEW)).isEmpty();
        // The generator's file has the shared tables once more.
        assertThat(started.tensors(Outcome.LEFT_OUT))
                .hasSize(5)
                .allSatisfy(name -> assertThat(name).startsWith("electra.embeddings."));
        assertThat(start(generator, discriminator).report()).isEqualTo(started.report());
    }

    @Test
    void aDiscriminatorAloneLeavesTheGeneratorAsItStarts() throws IOException {
        Started started = start(discriminator);
        Map<String, float[]> saved = fresh(5);
        Map<String, float[]> initial = fresh(6);
        assertThat(started.weights().keySet())
                .allSatisfy(name -> assertThat(started.weights().get(name))
                        .as(name)
                        .containsExactly((name.startsWith("generator.") ? initial : saved).get(name)));
        assertThat(started.tensors(Outcome.MADE_ANEW))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(name).startsWith("generator."));
    }

    @Test
    void aGeneratorAloneBringsTheTables() throws IOException {
        Started started = start(generator);
        Map<String, float[]> saved = fresh(5);
        assertThat(same(started.weights(), saved, WORDS)).isTrue();
        assertThat(same(started.weights(), saved, "generator.generator_lm_head.bias"))
                .isTrue();
        assertThat(started.tensors(Outcome.MADE_ANEW))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(name).startsWith("discriminator."));
    }

    @Test
    void aGrownVocabularyStartsFromTheMeansOfOldPieces() throws IOException {
        List<String> tokens = new ArrayList<>(TestExports.vocabulary().tokens());
        tokens.remove("mat"); // what follows moves
        tokens.add("unlike"); // un ##like
        tokens.add("##sat"); // sat
        tokens.add("zebra"); // no pieces
        Path tokenizer = temporary.resolve("grown");
        Vocabulary grown = new Vocabulary(tokens, TestExports.vocabulary().special());
        TokenizerFiles.write(tokenizer, grown, BertNormalization.UNCASED, 512);

        Started started = start(TestExports.config(), tokenizer, tokens.size(), export);

        float[] old = Objects.requireNonNull(fresh(5).get(WORDS));
        float[] words = Objects.requireNonNull(started.weights().get(WORDS));
        Vocabulary before = TestExports.vocabulary();
        assertThat(row(words, grown.id("cat"))).containsExactly(row(old, before.id("cat")));
        assertThat(row(words, grown.id("un"))).containsExactly(row(old, before.id("un")));
        assertThat(row(words, grown.id("##sat"))).containsExactly(row(old, before.id("sat")));
        float[] un = row(old, before.id("un"));
        float[] like = row(old, before.id("##like"));
        float[] unlike = row(words, grown.id("unlike"));
        for (int i = 0; i < unlike.length; i++) {
            assertThat(unlike[i]).isEqualTo((float) (((double) un[i] + like[i]) / 2));
        }
        assertThat(row(words, grown.id("zebra")))
                .as("keeps its starting weights")
                .doesNotContain(0)
                .isNotEqualTo(row(words, grown.id("[UNK]")));
        assertThat(started.note(WORDS))
                .isEqualTo("29 rows as they were, 2 the mean of their old pieces, 1 made anew; 1 old tokens left out");
        float[] bias = started.weights().get("generator.generator_lm_head.bias");
        assertThat(bias).hasSize(tokens.size());
    }

    private static float[] row(float[] table, int row) {
        int width = TestExports.config().embeddingSize();
        return Arrays.copyOfRange(table, row * width, (row + 1) * width);
    }

    @Test
    void moreAndFewerPositionsAreTold() throws IOException {
        ModelConfig config = TestExports.config();
        Map<String, float[]> saved = fresh(5);
        int width = config.embeddingSize();
        Started longer = start(withPositions(30), discriminator, 30, export);
        assertThat(longer.weights().get(POSITIONS)).hasSize(30 * width).startsWith(saved.get(POSITIONS));
        assertThat(longer.note(POSITIONS)).isEqualTo("24 rows, and 6 made anew");
        Started shorter = start(withPositions(10), discriminator, 30, export);
        assertThat(saved.get(POSITIONS)).startsWith(shorter.weights().get(POSITIONS));
        assertThat(shorter.note(POSITIONS)).isEqualTo("the first 10 of 24 rows");
    }

    private static ModelConfig withPositions(int positions) {
        ModelConfig config = TestExports.config();
        return new ModelConfig(
                config.embeddingSize(),
                positions,
                config.segmentTypes(),
                config.dropout(),
                config.attentionDropout(),
                config.layerNormEpsilon(),
                config.initialization(),
                config.discriminator(),
                config.generator());
    }

    @Test
    void anotherShapeIsRefusedWithTheSettingsThatFit() {
        ModelConfig config = TestExports.config();
        ModelConfig other = new ModelConfig(
                24,
                config.maxPositions(),
                config.segmentTypes(),
                config.dropout(),
                config.attentionDropout(),
                config.layerNormEpsilon(),
                config.initialization(),
                new NetworkConfig(3, 24, 2, 48),
                config.generator());
        assertThatThrownBy(() -> start(other, discriminator, 30, export))
                .isInstanceOf(InputException.class)
                .hasMessage(discriminator + ": of another shape than this run; expected --set model.embedding_size=16"
                        + " --set model.discriminator.layers=2 --set model.discriminator.heads=4");
    }

    @Test
    void twoOfAKindAreRefused() {
        assertThatThrownBy(() -> start(discriminator, export))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        discriminator + ": a discriminator, and so is " + discriminator + "; expected one of a kind");
    }

    @Test
    void aTrunkThatLacksATensorIsRefused() throws IOException {
        rewrite(
                discriminator,
                arrays -> arrays.stream()
                        .filter(array -> !array.name().equals("electra.encoder.layer.0.output.dense.bias"))
                        .toList());
        assertThatThrownBy(() -> start(discriminator))
                .isInstanceOf(InputException.class)
                .hasMessage(discriminator.resolve("model.safetensors")
                        + ": has no tensor electra.encoder.layer.0.output.dense.bias; config.json asks for one of shape"
                        + " [24]");
    }

    private static void rewrite(Path network, UnaryOperator<List<NamedArray>> change) throws IOException {
        Path weights = network.resolve("model.safetensors");
        List<NamedArray> changed = change.apply(SafetensorsFile.readAll(weights));
        SafetensorsWriter.write(network.resolve("changed"), changed, Map.of());
        Files.move(network.resolve("changed"), weights, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes the discriminator's folder that of a BERT, which has E = H, or a DistilBERT, with the names these use. */
    private void become(String family, Map<String, String> names) throws IOException {
        ModelConfig config = square();
        try (Electra model = new Electra(TestExports.engine(), config, 30)) {
            Initialization.apply(model, config, 5);
            HuggingFaceExport.write(export, model, config, TestExports.tokenizer(temporary.resolve("t")), 16);
        }
        rewrite(
                discriminator,
                arrays -> arrays.stream()
                        .filter(array -> !array.name().startsWith("discriminator_predictions"))
                        .map(array -> {
                            String name = array.name();
                            for (Map.Entry<String, String> entry : names.entrySet()) {
                                name = name.replace(entry.getKey(), entry.getValue());
                            }
                            return new NamedArray(name, array.type(), array.shape(), array.data());
                        })
                        .filter(array -> !array.name().contains("GONE"))
                        .toList());
        Path file = discriminator.resolve("config.json");
        String text = Files.readString(file).replace("\"electra\"", "\"" + family + "\"");
        if (family.equals("distilbert")) {
            text = text.replace("\"hidden_size\"", "\"dim\"")
                    .replace("\"num_hidden_layers\"", "\"n_layers\"")
                    .replace("\"num_attention_heads\"", "\"n_heads\"")
                    .replace("\"intermediate_size\"", "\"hidden_dim\"")
                    .replace("\"hidden_act\"", "\"activation\"")
                    .replace("\"type_vocab_size\"", "\"none\"");
        }
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static ModelConfig square() {
        ModelConfig config = TestExports.config();
        return new ModelConfig(
                24,
                config.maxPositions(),
                config.segmentTypes(),
                config.dropout(),
                config.attentionDropout(),
                config.layerNormEpsilon(),
                config.initialization(),
                config.discriminator(),
                config.generator());
    }

    private static Map<String, float[]> freshSquare(long seed) {
        try (Electra model = new Electra(TestExports.engine(), square(), 30)) {
            Initialization.apply(model, square(), seed);
            return weights(model);
        }
    }

    @Test
    void aBertIsADiscriminatorWithoutAHead() throws IOException {
        become("bert", Map.of("electra.", "bert.", "LayerNorm.weight", "LayerNorm.gamma"));
        Started started = start(square(), discriminator, 30, discriminator);
        assertLoadedButTheHead(started, Map.of());
    }

    @Test
    void aDistilbertIsOneWithoutSegments() throws IOException {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("electra.", "distilbert.");
        names.put("encoder.layer", "transformer.layer");
        names.put("attention.self.query", "attention.q_lin");
        names.put("attention.self.key", "attention.k_lin");
        names.put("attention.self.value", "attention.v_lin");
        names.put("attention.output.dense", "attention.out_lin");
        names.put("attention.output.LayerNorm", "sa_layer_norm");
        names.put("intermediate.dense", "ffn.lin1");
        names.put("output.dense", "ffn.lin2");
        names.put("output.LayerNorm", "output_layer_norm");
        names.put("token_type_embeddings", "GONE");
        become("distilbert", names);
        Started started = start(square(), discriminator, 30, discriminator);
        assertLoadedButTheHead(started, Map.of(SEGMENTS, new float[2 * 24]));
        assertThat(started.note(SEGMENTS)).startsWith("zeros");
    }

    private static void assertLoadedButTheHead(Started started, Map<String, float[]> others) {
        Map<String, float[]> saved = freshSquare(5);
        Map<String, float[]> initial = freshSquare(6);
        started.weights().forEach((name, weights) -> {
            boolean isNew = name.startsWith("generator.") || name.contains("discriminator_predictions");
            float[] expected = others.getOrDefault(name, (isNew ? initial : saved).get(name));
            assertThat(weights).as(name).containsExactly(expected);
        });
    }

    @Test
    void theReportNamesEveryTensorAndSumsUpForPeople() throws IOException {
        Started started = start(discriminator);
        assertThat(started.report().lines())
                .contains("loaded     shared.electra.embeddings.* (5 tensors)  " + discriminator)
                .contains("loaded     discriminator.electra.encoder.layer.* (32 tensors)  " + discriminator)
                .contains("made anew  generator.generator_predictions.* (4 tensors)")
                .contains("made anew  generator.generator_lm_head.bias");
        assertThat(started.report().json())
                .contains("\"loaded\"", "\"made_anew\"", "\"left_out\" : [ ]")
                .contains("\"tensor\" : \"discriminator.electra.encoder.layer.1.attention.self.key.bias\"");
    }

    @Test
    void theHashIsThatOfAllThatIsRead() throws IOException {
        String hash = hash();
        assertThat(hash()).isEqualTo(hash).hasSize(64);
        Path config = generator.resolve("config.json");
        Files.writeString(config, Files.readString(config) + "\n");
        assertThat(hash()).isNotEqualTo(hash);
    }

    private String hash() throws IOException {
        try (WarmStart start = WarmStart.open(List.of(export))) {
            return start.sha256();
        }
    }
}
