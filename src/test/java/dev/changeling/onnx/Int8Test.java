package dev.changeling.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.changeling.evaluation.ReplacedSequence;
import dev.changeling.evaluation.ReplacedSequences;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class Int8Test {
    private static final ReplacedSequences TEXT = new ReplacedSequences(
            "made up",
            List.of(
                    new ReplacedSequence(new int[] {2, 5, 6, 7, 8, 3}, new int[6], new float[] {0, 1, 0, 0, 1, 0}),
                    new ReplacedSequence(new int[] {2, 9, 3}, new int[] {0, 0, 1}, new float[] {0, 1, 0})));

    @TempDir
    private Path temporary;

    @Test
    void aLayersWeightIsWithinHalfAStepOfWhatItWas() throws IOException {
        Map<String, TensorProto> constants = constants("detector");
        NamedArray weight =
                SafetensorsFile.readAll(OnnxFolders.fixture("detector").resolve("model.safetensors")).stream()
                        .filter(array -> array.name().equals("electra.encoder.layer.1.intermediate.dense.weight"))
                        .findFirst()
                        .orElseThrow();
        TensorProto quantized = Objects.requireNonNull(constants.get(weight.name() + "_quantized"));
        TensorProto scales = Objects.requireNonNull(constants.get(weight.name() + "_scale"));

        assertThat(quantized.getDimsList()).containsExactly(16L, 24L);
        assertThat(scales.getDimsList()).containsExactly(24L);
        java.nio.FloatBuffer scale = scales.getRawData()
                .asReadOnlyByteBuffer()
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        for (int out = 0; out < 24; out++) {
            int largest = 0;
            for (int in = 0; in < 16; in++) {
                int stored = quantized.getRawData().byteAt(in * 24 + out) & 0xff;
                largest = Math.max(largest, Math.abs(stored - 128));
                float original = Constants.floats(weight).get(out * 16 + in);
                assertThat((stored - 128) * scale.get(out)).isCloseTo(original, within(scale.get(out) * 0.501f));
            }
            // Each output uses the whole range: a scale of its own.
            assertThat(largest).isEqualTo(127);
        }
    }

    @Test
    void tokensAreHeldInAQuarterAndHeadsAreNotRounded() throws IOException {
        Map<String, TensorProto> constants = constants("detector");

        assertThat(Objects.requireNonNull(constants.get("electra.embeddings.word_embeddings.weight_quantized"))
                        .getRawData()
                        .size())
                .isEqualTo(30 * 16);
        assertThat(constants)
                .doesNotContainKey("electra.embeddings.word_embeddings.weight")
                .containsKey("discriminator_predictions.dense.weight");
    }

    @Test
    void theCostIsMeasuredOnTheTextAndWrittenDown() throws IOException {
        Path out = temporary.resolve("out");

        OnnxReport report = OnnxExport.of(OnnxFolders.fixture("detector"), Optional.of(Task.FEATURE_EXTRACTION))
                .write(out, Quantization.INT8, TEXT);

        QuantizationLoss loss = report.loss().orElseThrow();
        assertThat(loss.before().tokens()).isEqualTo(9);
        // What transformers' numbers give is told apart from what int8 gives, and both are near.
        assertThat(loss.after().loss()).isNotEqualTo(loss.before().loss());
        assertThat(loss.after().loss()).isCloseTo(loss.before().loss(), within(0.2));
        JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(out.resolve("quantization.json")));
        assertThat(json.at("/float32/rtd_loss").doubleValue())
                .isEqualTo(loss.before().loss());
        assertThat(json.at("/quantized/rtd_auc").doubleValue())
                .isEqualTo(loss.after().auc());
        assertThat(json.at("/bytes").longValue()).isEqualTo(Files.size(out.resolve("model.onnx")));
        assertThat(json.at("/measured").booleanValue()).isTrue();
        assertThat(json.at("/replacements").stringValue()).isEqualTo("made up");
        try (var files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("before.onnx", "after.onnx");
        }
    }

    @Test
    void theScoresInFloatsAreThoseOfTheDetector() throws IOException {
        Path out = temporary.resolve("out");
        OnnxFolders.export(OnnxFolders.fixture("detector"), out, Task.REPLACED_TOKEN_DETECTION);
        double sum = 0;
        try (OnnxSession session = OnnxSession.open(out.resolve("model.onnx"))) {
            for (ReplacedSequence sequence : TEXT.sequences()) {
                float[] logits = session.score(List.of(sequence), 0).get(0);
                for (int i = 0; i < logits.length; i++) {
                    double probability = 1 / (1 + Math.exp(-logits[i]));
                    sum -= Math.log(sequence.replaced()[i] == 1 ? probability : 1 - probability);
                }
            }
        }

        QuantizationLoss loss = QuantizationLoss.measure(out.resolve("model.onnx"), out.resolve("model.onnx"), TEXT, 0);

        assertThat(loss.before().loss()).isCloseTo(sum / 9, within(1e-4));
        assertThat(loss.after()).isEqualTo(loss.before());
    }

    @Test
    void saysThatNothingWasMeasured() throws IOException {
        Path out = temporary.resolve("out");

        OnnxReport report = OnnxFolders.export(OnnxFolders.fixture("text-classifier"), out, Quantization.INT8);

        assertThat(report.loss()).isEmpty();
        JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(out.resolve("quantization.json")));
        assertThat(json.at("/measured").booleanValue()).isFalse();
        assertThat(json.has("quantized")).isFalse();
    }

    private Map<String, TensorProto> constants(String fixture) throws IOException {
        OnnxFolders.export(OnnxFolders.fixture(fixture), temporary.resolve("int8"), Quantization.INT8);
        return ModelProto.parseFrom(Files.readAllBytes(temporary.resolve("int8/model.onnx")))
                .getGraph()
                .getInitializerList()
                .stream()
                .collect(Collectors.toMap(TensorProto::getName, constant -> constant));
    }
}
