package dev.changeling.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.error.InputException;
import dev.changeling.model.Discriminator;
import dev.changeling.model.ReplacedTokenScorer;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.safetensors.SafetensorsWriter;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceImportTest {
    private static final List<int[]> SEQUENCES = List.of(new int[] {2, 5, 6, 7, 8, 3}, new int[] {2, 9, 3});

    @TempDir
    Path temporary;

    private Path folder;
    private Path weights;

    @BeforeEach
    void export() throws IOException {
        folder = TestExports.write(temporary, 5);
        weights = folder.resolve("model.safetensors");
    }

    private List<float[]> scores() throws IOException {
        try (Pretrained<Discriminator> read = HuggingFaceImport.readDiscriminator(folder, TestExports.engine())) {
            return ReplacedTokenScorer.of(read.model(), read.padding()).score(SEQUENCES);
        }
    }

    private void refused(String message) {
        assertThatThrownBy(() -> HuggingFaceImport.readDiscriminator(folder, TestExports.engine())
                        .close())
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    private void rewrite(UnaryOperator<List<NamedArray>> change) throws IOException {
        List<NamedArray> arrays = SafetensorsFile.readAll(weights);
        Path changed = folder.resolve("changed");
        SafetensorsWriter.write(changed, change.apply(new ArrayList<>(arrays)), Map.of());
        Files.move(changed, weights, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static NamedArray array(String name, NamedArray.Type type, long... shape) {
        int size = type.bytes();
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        List<Long> dimensions = java.util.Arrays.stream(shape).boxed().toList();
        return new NamedArray(name, type, dimensions, ByteBuffer.allocate(size));
    }

    @Test
    void namesWithoutTheTrunksPrefixAndSavedConstantsAreUnderstood() throws IOException {
        List<float[]> before = scores();
        rewrite(arrays -> {
            List<NamedArray> renamed = new ArrayList<>();
            for (NamedArray array : arrays) {
                renamed.add(new NamedArray(
                        array.name().replaceFirst("^electra\\.", ""), array.type(), array.shape(), array.data()));
            }
            renamed.add(array("embeddings.position_ids", NamedArray.Type.I64, 1, 24));
            return renamed;
        });
        List<float[]> after = scores();
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(after.get(1)).isEqualTo(before.get(1));
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        rewrite(arrays -> {
            arrays.removeIf(array -> array.name().equals("discriminator_predictions.dense.bias"));
            return arrays;
        });
        refused(weights
                + ": has no tensor discriminator_predictions.dense.bias; config.json asks for one of shape [24]");
    }

    @Test
    void anUnexpectedTensorIsNamed() throws IOException {
        rewrite(arrays -> {
            arrays.add(array("classifier.weight", NamedArray.Type.F32, 2, 24));
            return arrays;
        });
        refused(weights + ": tensor classifier.weight is not one of a discriminator with this config.json");
    }

    @Test
    void aTensorOfTheTrunkThatElectraDoesNotHaveIsNamed() throws IOException {
        rewrite(arrays -> {
            arrays.add(array("electra.pooler.dense.bias", NamedArray.Type.F32, 24));
            return arrays;
        });
        refused(weights + ": tensor electra.pooler.dense.bias is not one of a discriminator with this config.json");
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() throws IOException {
        replace(array("electra.encoder.layer.1.intermediate.dense.weight", NamedArray.Type.F32, 24, 48));
        refused(weights + ": tensor electra.encoder.layer.1.intermediate.dense.weight: shape [24, 48]; expected"
                + " [48, 24], as config.json says");
    }

    @Test
    void aTensorOfAnotherTypeIsNamed() throws IOException {
        replace(array("discriminator_predictions.dense.bias", NamedArray.Type.I64, 24));
        refused(weights + ": tensor discriminator_predictions.dense.bias: type I64; expected one of floating point");
    }

    @Test
    void numbersOfHalfTheWidthAreRead() throws IOException {
        List<float[]> before = scores();
        rewrite(arrays -> {
            arrays.replaceAll(HuggingFaceImportTest::asBfloat16);
            return arrays;
        });
        assertThat(scores().get(0)).isNotEqualTo(before.get(0)).containsExactly(before.get(0), within(.2f));
    }

    private static NamedArray asBfloat16(NamedArray array) {
        ByteBuffer half = ByteBuffer.allocate(array.data().remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : array.floats()) {
            half.putShort((short) (Float.floatToRawIntBits(value) >> 16));
        }
        return new NamedArray(array.name(), NamedArray.Type.BF16, array.shape(), half.flip());
    }

    @Test
    void weightsInSeveralFilesAreRead() throws IOException {
        List<float[]> before = scores();
        shard("one.safetensors", "two.safetensors");
        assertThat(scores().get(0)).isEqualTo(before.get(0));
    }

    /** Parts the tensors into two files; the index gives the second one another name if asked to. */
    private void shard(String first, String second) throws IOException {
        List<NamedArray> arrays = SafetensorsFile.readAll(weights);
        int half = arrays.size() / 2;
        SafetensorsWriter.write(folder.resolve("one.safetensors"), arrays.subList(0, half), Map.of());
        SafetensorsWriter.write(folder.resolve("two.safetensors"), arrays.subList(half, arrays.size()), Map.of());
        String map = IntStream.range(0, arrays.size())
                .mapToObj(i -> "\"" + arrays.get(i).name() + "\": \"" + (i < half ? first : second) + "\"")
                .collect(Collectors.joining(", "));
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {" + map + "}}", UTF_8);
        Files.delete(weights);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../two.safetensors", "/etc/passwd", "..", "sub\\\\two.safetensors", ""})
    void anIndexThatLeadsOutOfItsFolderIsRefused(String climbing) throws IOException {
        shard("one.safetensors", climbing);
        assertThatThrownBy(this::scores)
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder.resolve("model.safetensors.index.json") + ": weight_map.")
                .hasMessageEndingWith("; expected the name of a file in the same folder");
    }

    @Test
    void anIndexOfAnotherFileIsRefused() throws IOException {
        shard("one.safetensors", "three.safetensors");
        refused(folder.resolve("three.safetensors") + ": no such file");
        Files.copy(folder.resolve("one.safetensors"), folder.resolve("three.safetensors"));
        assertThatThrownBy(this::scores)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("weight_map: three.safetensors has no tensor ");
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": 3}", UTF_8);
        refused(folder.resolve("model.safetensors.index.json") + ": weight_map: expected an object of file names");
    }

    private void replace(NamedArray replacement) throws IOException {
        rewrite(arrays -> {
            arrays.replaceAll(array -> array.name().equals(replacement.name()) ? replacement : array);
            return arrays;
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "model_type" : "electra"             | "model_type" : "roberta"            | model_type: "roberta"; expected "electra" or "bert" or "distilbert"
            "hidden_act" : "gelu"                | "hidden_act" : "relu"               | hidden_act: "relu"; expected "gelu"
            "position_embedding_type" : "absolute" | "position_embedding_type" : "relative_key" | position_embedding_type: "relative_key"; expected "absolute"
            "num_attention_heads" : 4            | "num_attention_heads" : 5           | num_attention_heads: 5; expected a divisor of hidden_size, 24
            "num_hidden_layers" : 2              | "num_hidden_layers" : "2"           | num_hidden_layers: "2"; expected a positive integer
            "vocab_size" : 30                    | "vocab_sise" : 30                   | vocab_size: missing; expected a positive integer
            "pad_token_id" : 0                   | "pad_token_id" : 0.5                | pad_token_id: 0.5; expected an integer from 0
            "layer_norm_eps" : 1.0E-12           | "layer_norm_eps" : -1               | layer_norm_eps: -1; expected a number above 0
            """)
    void aSettingThatCantBeUsedIsNamed(String present, String written, String complaint) throws IOException {
        edit(present, written);
        refused(folder.resolve("config.json") + ": " + complaint);
    }

    private void edit(String present, String written) throws IOException {
        Path config = folder.resolve("config.json");
        String text = Files.readString(config, UTF_8);
        assertThat(text).contains(present);
        Files.writeString(config, text.replace(present, written), UTF_8);
    }

    @Test
    void aConfigurationThatContradictsTheTensorsIsRefused() throws IOException {
        edit("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 1");
        assertThatThrownBy(this::scores)
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(weights + ": tensor electra.encoder.layer.1.")
                .hasMessageEndingWith(" is not one of a discriminator with this config.json");
    }

    @Test
    void aSettingThatHuggingFaceLeavesOutHasItsDefault() throws IOException {
        List<float[]> before = scores();
        edit("\"hidden_act\" : \"gelu\",", "");
        edit("\"layer_norm_eps\" : 1.0E-12,", "");
        edit("\"position_embedding_type\" : \"absolute\",", "");
        assertThat(scores().get(0)).isEqualTo(before.get(0));
    }

    @Test
    void aConfigurationThatIsNoJsonIsRefusedWithItsLine() throws IOException {
        edit("\"vocab_size\" : 30", "vocab_size = 30");
        refused(folder.resolve("config.json") + ": line 4: not JSON; expected a Hugging Face config.json");
    }

    @Test
    void aTokenizerWithTooManyTokensIsRefused() throws IOException {
        List<String> tokens = new ArrayList<>(TestExports.vocabulary().tokens());
        tokens.add("more");
        TokenizerFiles.write(
                folder, new Vocabulary(tokens, TestExports.vocabulary().special()), BertNormalization.UNCASED, 16);
        refused(folder + ": a tokenizer of 31 tokens, but config.json says vocab_size 30");
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        Files.delete(weights);
        refused(weights + ": no such file; expected it, or one of model.safetensors.index.json, pytorch_model.bin,"
                + " pytorch_model.bin.index.json, model.onnx");
        Files.createFile(folder.resolve("pytorch_model.bin"));
        refused(folder.resolve("pytorch_model.bin") + ": not a file of torch.save");
        Files.delete(folder.resolve("config.json"));
        refused(folder.resolve("config.json") + ": no such file; expected a Hugging Face config.json");
        folder = temporary.resolve("nowhere");
        refused(folder + ": no such folder; expected one with config.json and model.safetensors");
    }

    @Test
    void aPositionTableShorterThanTheTokenizersLengthDecides() throws IOException {
        Path config = folder.resolve("tokenizer_config.json");
        String text = Files.readString(config, UTF_8);
        Files.writeString(config, text.replace(" : 16,", " : 1000000000000000019884624838656,"), UTF_8);
        try (Pretrained<Discriminator> read = HuggingFaceImport.readDiscriminator(folder, TestExports.engine())) {
            assertThat(read.sequenceLength()).isEqualTo(24);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aTensorThatIsNotFiniteIsNamed(float value) throws IOException {
        NamedArray ruined = array("electra.encoder.layer.1.output.dense.bias", NamedArray.Type.F32, 24);
        ruined.data().order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * 17, value);
        replace(ruined);
        refused(weights + ": tensor electra.encoder.layer.1.output.dense.bias: holds " + value
                + "; expected finite numbers");
    }

    @Test
    void aNumberTooLargeForAFloatIsCalledThat() throws IOException {
        NamedArray wide = array("electra.encoder.layer.1.output.dense.bias", NamedArray.Type.F64, 24);
        wide.data().order(ByteOrder.LITTLE_ENDIAN).putDouble(8 * 17, -1e300);
        replace(wide);
        refused(weights + ": tensor electra.encoder.layer.1.output.dense.bias: holds -1.0E300, too large for a 32-bit"
                + " float; expected finite numbers");
    }

    @Test
    void aTensorThatNoneOfSeveralFilesHasIsMissingFromTheirIndex() throws IOException {
        shard("one.safetensors", "two.safetensors");
        edit("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 3");
        refused(folder.resolve("model.safetensors.index.json")
                + ": has no tensor electra.encoder.layer.2.attention.self.query.weight; config.json asks for one of"
                + " shape [24, 24]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "vocab_size" : 30                | "vocab_size" : 2147483647              | shape [30, 16]; expected [2147483647, 16]
            "embedding_size" : 16            | "embedding_size" : 2147483647          | shape [30, 16]; expected [30, 2147483647]
            "hidden_size" : 24               | "hidden_size" : 2147483644             | shape [24, 16]; expected [2147483644, 16]
            "intermediate_size" : 48         | "intermediate_size" : 2147483647       | shape [48, 24]; expected [2147483647, 24]
            "max_position_embeddings" : 24   | "max_position_embeddings" : 2147483647 | shape [24, 16]; expected [2147483647, 16]
            "type_vocab_size" : 2            | "type_vocab_size" : 2147483647         | shape [2, 16]; expected [2147483647, 16]
            "num_hidden_layers" : 2          | "num_hidden_layers" : 2147483647       | has no tensor electra.encoder.layer.2.
            """)
    void aNetworkLargerThanItsFileIsRefusedBeforeItTakesMemory(String present, String written, String complaint)
            throws IOException {
        edit(present, written);
        assertThatThrownBy(this::scores)
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(weights.toString())
                .hasMessageContaining(complaint);
    }
}
