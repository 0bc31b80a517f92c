package dev.changeling.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.changeling.error.InputException;
import dev.changeling.pickle.TorchFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bert.onnx} is PyTorch's graph of {@code bert.bin} (bench/reference/make_torch_files.py). */
class OnnxWeightsTest {
    private static final Path GRAPH = Path.of("src/test/resources/torch/bert.onnx");
    private static final Path CHECKPOINT = Path.of("src/test/resources/torch/bert.bin");

    @TempDir
    Path folder;

    @Test
    void everyTensorOfTheCheckpointIsFoundInItsGraph() {
        try (TorchFile checkpoint = TorchFile.open(CHECKPOINT);
                OnnxWeights graph = OnnxWeights.open(GRAPH)) {
            assertThat(checkpoint.names()).hasSize(21).allSatisfy(name -> {
                assertThat(graph.shape("bert." + name)).isEqualTo(checkpoint.shape(name));
                assertThat(graph.array("bert." + name).floats())
                        .containsExactly(checkpoint.array(name).floats());
            });
            assertThat(graph.names()).noneMatch(name -> name.startsWith("onnx::"));
        }
    }

    @Test
    void aQuantizedTensorIsRefused() throws IOException {
        Path file = write(TensorProto.newBuilder()
                .setName("t")
                .addDims(1)
                .setDataType(TensorProto.DataType.INT8.getNumber())
                .addInt32Data(1));
        try (OnnxWeights graph = OnnxWeights.open(file)) {
            assertThatThrownBy(() -> graph.array("t"))
                    .isInstanceOf(InputException.class)
                    .hasMessage(file + ": tensor t: type INT8; expected FLOAT, a graph that was not quantized");
        }
    }

    @Test
    void aShapeThatLiesIsRefused() throws IOException {
        Path file = write(TensorProto.newBuilder()
                .setName("t")
                .addDims(1L << 40)
                .addDims(1L << 40)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addFloatData(1));
        try (OnnxWeights graph = OnnxWeights.open(file)) {
            assertThatThrownBy(() -> graph.array("t"))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith(file + ": tensor t: 1 numbers; expected 9223372036854775807 for shape");
        }
    }

    @Test
    void tensorsInOtherFilesAreRefused() throws IOException {
        Path file = write(TensorProto.newBuilder().setName("t").setDataLocation(TensorProto.DataLocation.EXTERNAL));
        assertThatThrownBy(() -> OnnxWeights.open(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": tensor t is kept in another file; expected one within the graph");
    }

    private Path write(TensorProto.Builder tensor) throws IOException {
        ModelProto model = ModelProto.newBuilder()
                .setGraph(GraphProto.newBuilder().addInitializer(tensor))
                .build();
        return Files.write(folder.resolve("made.onnx"), model.toByteArray());
    }

    @Test
    void aDamagedGraphIsReadOrRefusedButNeverMore() throws IOException {
        byte[] whole = Files.readAllBytes(GRAPH);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path file = folder.resolve("damaged.onnx");
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            byte[] damaged = round % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int i = random.nextInt(4); i >= 0 && damaged.length > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try (OnnxWeights graph = OnnxWeights.open(file)) {
                for (String name : graph.names()) {
                    graph.shape(name);
                    graph.array(name);
                }
            } catch (InputException e) {
                refused++;
                assertThat(e.getMessage()).startsWith(file.toString());
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }
}
