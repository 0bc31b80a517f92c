package dev.changeling.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.changeling.error.InputException;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.safetensors.SafetensorsWriter;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class OnnxExportTest {
    @TempDir
    private Path temporary;

    private Path source = Path.of("");
    private Path out = Path.of("");

    @BeforeEach
    void makePlaces() {
        source = temporary.resolve("source");
        out = temporary.resolve("out");
    }

    @Test
    void theFolderHoldsWhatRuntimesLookFor() throws IOException {
        OnnxFolders.copy("text-classifier", source);

        OnnxFolders.export(source, out, Task.FEATURE_EXTRACTION);

        assertThat(names(out))
                .containsExactly(
                        "config.json",
                        "model.onnx",
                        "special_tokens_map.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "vocab.txt");
        var config = JsonMapper.shared().readTree(Files.readAllBytes(out.resolve("config.json")));
        assertThat(config.at("/architectures/0").stringValue()).isEqualTo("ElectraModel");
        assertThat(config.at("/id2label/2").stringValue()).isEqualTo("LABEL_2");
        try (Tokenizer tokenizer = Tokenizers.load(out)) {
            assertThat(tokenizer.ids("An unlikely mat.")).isEqualTo(new int[] {1, 13, 14, 15, 11, 12});
        }
        assertThat(names(temporary)).containsExactly("out", "source");
    }

    @Test
    void theTokenizersFilesGoOverAsTheyAre() throws IOException {
        OnnxFolders.copy("encoder", source);
        OnnxFolders.export(source, out, Quantization.NONE);
        Path second = temporary.resolve("second");
        OnnxFolders.copy("encoder", second);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.writeString(second.resolve(name), Files.readString(out.resolve(name)) + "\n\n");
        }

        OnnxFolders.export(second, out, Quantization.NONE);

        assertThat(out.resolve("tokenizer.json")).hasSameBinaryContentAs(second.resolve("tokenizer.json"));
        assertThat(out.resolve("tokenizer_config.json"))
                .hasSameBinaryContentAs(second.resolve("tokenizer_config.json"));
    }

    @ParameterizedTest
    @CsvSource({
        "detector, NONE, logits, batch sequence",
        "detector, INT8, logits, batch sequence",
        "encoder, NONE, last_hidden_state, batch sequence 16",
        "text-classifier, INT8, logits, batch 3",
        "token-classifier, NONE, logits, batch sequence 4"
    })
    void theGraphDeclaresWhatItTakesAndGives(String name, Quantization quantization, String output, String shape)
            throws IOException {
        OnnxFolders.export(OnnxFolders.fixture(name), out, quantization);

        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(out.resolve("model.onnx")));
        assertThat(model.getIrVersion()).isEqualTo(8);
        assertThat(model.getOpsetImportList()).singleElement().satisfies(opset -> {
            assertThat(opset.getDomain()).isEmpty();
            assertThat(opset.getVersion()).isEqualTo(17);
        });
        assertThat(model.getGraph().getInputList().stream().map(OnnxExportTest::describe))
                .containsExactly(
                        "input_ids INT64 batch sequence",
                        "attention_mask INT64 batch sequence",
                        "token_type_ids INT64 batch sequence");
        assertThat(model.getGraph().getOutputList().stream().map(OnnxExportTest::describe))
                .containsExactly(output + " FLOAT " + shape);
        assertEveryValueIsUsedAfterItIsDefined(model);
    }

    /** A constant that no node reads would be dead weight in every copy of the model. */
    private static void assertEveryValueIsUsedAfterItIsDefined(ModelProto model) {
        Set<String> defined = new HashSet<>();
        Set<String> used = new HashSet<>();
        model.getGraph().getInputList().forEach(input -> defined.add(input.getName()));
        model.getGraph().getInitializerList().forEach(constant -> defined.add(constant.getName()));
        for (NodeProto node : model.getGraph().getNodeList()) {
            assertThat(defined).containsAll(node.getInputList());
            used.addAll(node.getInputList());
            for (String value : node.getOutputList()) {
                assertThat(defined.add(value)).as(value).isTrue();
            }
        }
        model.getGraph().getOutputList().forEach(output -> used.add(output.getName()));
        assertThat(used).isEqualTo(defined);
    }

    @Test
    void theBytesAreTheSameEachTime() throws IOException {
        OnnxFolders.export(OnnxFolders.fixture("detector"), out, Quantization.INT8);
        byte[] first = Files.readAllBytes(out.resolve("model.onnx"));

        OnnxFolders.export(OnnxFolders.fixture("detector"), out, Quantization.INT8);

        assertThat(out.resolve("model.onnx")).hasBinaryContent(first);
    }

    @Test
    void anEarlierExportIsReplacedWhole() throws IOException {
        OnnxFolders.export(OnnxFolders.fixture("detector"), out, Quantization.INT8);

        OnnxFolders.export(OnnxFolders.fixture("encoder"), out, Quantization.NONE);

        assertThat(out.resolve("quantization.json")).doesNotExist();
        assertThat(Files.readString(out.resolve("config.json"))).contains("ElectraModel");
    }

    @Test
    void anythingElseInTheWayIsRefusedAndKept() throws IOException {
        OnnxFolders.export(OnnxFolders.fixture("detector"), out, Quantization.NONE);
        byte[] before = Files.readAllBytes(out.resolve("model.onnx"));
        Path notes = Files.writeString(out.resolve("notes.txt"), "mine");

        assertRefused(
                "encoder",
                out.toRealPath() + ": holds notes.txt; expected an empty folder, an earlier export, or nothing");

        assertThat(notes).hasContent("mine");
        assertThat(out.resolve("model.onnx")).hasBinaryContent(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ElectraForPreTraining | ElectraForMaskedLM | architectures: ElectraForMaskedLM can't be exported to ONNX; expected one of ElectraModel, ElectraForPreTraining, ElectraForSequenceClassification, ElectraForTokenClassification, or --task feature-extraction for the encoder alone",
                "ElectraForPreTraining | ElectraForQuestionAnswering | architectures: ElectraForQuestionAnswering can't be exported",
                "\"architectures\" | \"classes\" | architectures: missing; expected one of",
                "\"electra\"       | \"bert\"    | model_type: \"bert\"; expected \"electra\"",
                "\"gelu\",         | \"relu\",   | hidden_act: \"relu\"; expected \"gelu\"",
                "\"hidden_size\": 16 | \"hidden_size\": 18 | num_attention_heads: 4; expected a divisor of hidden_size, 18"
            })
    void aConfigurationThatIsNoneOfTheseIsNamed(String found, String replacement, String message) throws IOException {
        OnnxFolders.copy("detector", source);
        Path config = source.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceFirst(found, replacement));

        assertRefused(source, config + ": " + message);
    }

    @Test
    void aTokenizerWithMoreTokensThanTheNetworkIsRefused() throws IOException {
        OnnxFolders.copy("detector", source);
        Files.writeString(source.resolve("vocab.txt"), Files.readString(source.resolve("vocab.txt")) + "more\n");

        assertRefused(source, source + ": a tokenizer of 31 tokens, but config.json says vocab_size 30");
    }

    @Test
    void aFolderWithoutATokenizerIsRefused() throws IOException {
        OnnxFolders.copy("detector", source);
        Files.delete(source.resolve("vocab.txt"));

        assertRefused(source, source + ": neither tokenizer.json nor vocab.txt");
    }

    @Test
    void aFileOfWeightsThatIsCutShortIsRefused() throws IOException {
        OnnxFolders.copy("detector", source);
        Path weights = source.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 8));

        assertRefused(source, weights + ": tensor ");
    }

    @Test
    void aTensorThatIsMissingIsNamed() throws IOException {
        damage("token-classifier", array -> array.name().equals("classifier.weight") ? null : array);

        assertRefused(source, source.resolve("model.safetensors") + ": has no tensor classifier.weight; config.json");
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() throws IOException {
        damage(
                "detector",
                array -> array.name().endsWith("layer.1.output.dense.bias")
                        ? new NamedArray(array.name(), NamedArray.Type.F32, List.of(2L), ByteBuffer.allocate(8))
                        : array);

        assertRefused(
                source,
                source.resolve("model.safetensors")
                        + ": tensor electra.encoder.layer.1.output.dense.bias: shape [2]; expected [16], as config.json says");
    }

    @Test
    void aTensorOfAnotherTypeIsNamed() throws IOException {
        damage(
                "detector",
                array -> array.name().endsWith("layer.0.output.dense.bias")
                        ? new NamedArray(array.name(), NamedArray.Type.I32, List.of(16L), ByteBuffer.allocate(64))
                        : array);

        assertRefused(
                source,
                source.resolve("model.safetensors")
                        + ": tensor electra.encoder.layer.0.output.dense.bias: type I32; expected one of floating point");
    }

    @Test
    void aNumberThatIsNoneIsNamed() throws IOException {
        damage(
                "text-classifier",
                array -> array.name().equals("classifier.dense.bias")
                        ? new NamedArray(
                                array.name(),
                                NamedArray.Type.F32,
                                List.of(16L),
                                ByteBuffer.allocate(64)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .putFloat(60, Float.NaN))
                        : array);

        assertRefused(
                source,
                source.resolve("model.safetensors")
                        + ": tensor classifier.dense.bias: holds NaN; expected finite numbers");
    }

    @Test
    void aNumberTooLargeForAFloatIsCalledThat() throws IOException {
        damage(
                "text-classifier",
                array -> array.name().equals("classifier.dense.bias")
                        ? new NamedArray(
                                array.name(),
                                NamedArray.Type.F64,
                                List.of(16L),
                                ByteBuffer.allocate(128)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .putDouble(120, 1e39))
                        : array);

        assertRefused(
                source,
                source.resolve("model.safetensors")
                        + ": tensor classifier.dense.bias: holds 1.0E39, too large for a 32-bit float; expected finite"
                        + " numbers");
    }

    @Test
    void aTaskThatTheModelHasNoHeadForIsNamed() {
        assertThatThrownBy(
                        () -> OnnxExport.of(OnnxFolders.fixture("encoder"), Optional.of(Task.REPLACED_TOKEN_DETECTION)))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("architectures: ElectraModel, which does feature-extraction; expected"
                        + " ElectraForPreTraining for replaced-token-detection");
    }

    @Test
    void moreWeightsThanAFileHoldsAreRefused() {
        GraphBuilder graph = new GraphBuilder("large");
        ByteBuffer bytes = ByteBuffer.allocate(1 << 29);
        for (int i = 0; i < 3; i++) {
            graph.constant(Constants.of("c" + i, TensorProto.DataType.INT8, List.of(1L << 29), bytes));
        }

        assertThatThrownBy(
                        () -> graph.constant(Constants.of("last", TensorProto.DataType.INT8, List.of(1L << 29), bytes)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("more than 2147483647 bytes of weights");
    }

    private void damage(String fixture, UnaryOperator<@org.jspecify.annotations.Nullable NamedArray> change)
            throws IOException {
        OnnxFolders.copy(fixture, source);
        Path weights = source.resolve("model.safetensors");
        List<NamedArray> arrays = new ArrayList<>();
        for (NamedArray array :
                SafetensorsFile.readAll(OnnxFolders.fixture(fixture).resolve("model.safetensors"))) {
            NamedArray changed = change.apply(array);
            if (changed != null) {
                arrays.add(changed);
            }
        }
        SafetensorsWriter.write(weights, arrays, Map.of());
    }

    private void assertRefused(String fixture, String message) throws IOException {
        assertRefused(OnnxFolders.copy(fixture, source), message);
    }

    private void assertRefused(Path folder, String message) throws IOException {
        List<String> before = new ArrayList<>(names(temporary));
        assertThatThrownBy(() -> OnnxFolders.export(folder, out, Quantization.NONE))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(message);
        assertThat(names(temporary)).isEqualTo(before);
    }

    private static String describe(ValueInfoProto value) {
        StringBuilder text = new StringBuilder(value.getName());
        var type = value.getType().getTensorType();
        text.append(' ').append(TensorProto.DataType.forNumber(type.getElemType()));
        type.getShape()
                .getDimList()
                .forEach(
                        dim -> text.append(' ').append(dim.hasDimParam() ? dim.getDimParam() : "" + dim.getDimValue()));
        return text.toString();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
