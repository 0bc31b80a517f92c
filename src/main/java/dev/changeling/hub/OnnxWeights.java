package dev.changeling.hub;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.NamedArrays;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network's tensors out of an ONNX graph that PyTorch's exporter made. It keeps the names of embeddings, biases and
 * LayerNorms, but writes a layer's matrix transposed under a name that says nothing; there, the bias that is added to
 * the product tells which one it is.
 */
final class OnnxWeights implements NamedArrays {
    private static final String BIAS = ".bias";

    /**
     * A tensor of the graph.
     *
     * @param tensor as the graph has it
     * @param isTransposed whether it is the transpose of what its name is
     */
    private record Place(TensorProto tensor, boolean isTransposed) {}

    private final Path file;
    private final Map<String, Place> places;

    private OnnxWeights(Path file, Map<String, Place> places) {
        this.file = file;
        this.places = Collections.unmodifiableMap(places);
    }

    /**
     * Reads a graph.
     *
     * @throws InputException if it can't be read, is damaged, or keeps its tensors in other files
     */
    static OnnxWeights open(Path file) {
        GraphProto graph;
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
            graph = ModelProto.parseFrom(stream).getGraph();
        } catch (InvalidProtocolBufferException e) {
            throw new InputException(file + ": not an ONNX graph, or a damaged one", e);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
        Map<String, TensorProto> tensors = new LinkedHashMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: tensor %s is kept in another file; expected one within the graph",
                        file,
                        tensor.getName()));
            }
            tensors.put(tensor.getName(), tensor);
        }
        // Of equal tensors the exporter keeps one, and has the others copied from it.
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("Identity") && node.getInputCount() == 1 && node.getOutputCount() == 1) {
                TensorProto original = tensors.get(node.getInput(0));
                if (original != null) {
                    tensors.put(node.getOutput(0), original);
                }
            }
        }
        return new OnnxWeights(file, named(graph, tensors));
    }

    private static Map<String, Place> named(GraphProto graph, Map<String, TensorProto> tensors) {
        Map<String, Place> places = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> places.put(name, new Place(tensor, false)));
        Map<String, String> matrixOfProduct = new HashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("MatMul") && node.getInputCount() == 2 && node.getOutputCount() == 1) {
                matrixOfProduct.put(node.getOutput(0), node.getInput(1));
            }
        }
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("Add") && node.getInputCount() == 2) {
                name(node.getInput(0), node.getInput(1), matrixOfProduct, tensors, places);
                name(node.getInput(1), node.getInput(0), matrixOfProduct, tensors, places);
            }
        }
        return places;
    }

    private static void name(
            String bias,
            String product,
            Map<String, String> matrixOfProduct,
            Map<String, TensorProto> tensors,
            Map<String, Place> places) {
        @Nullable String matrix = matrixOfProduct.get(product);
        TensorProto tensor = matrix == null ? null : tensors.get(matrix);
        if (tensor == null || tensor.getDimsCount() != 2 || !bias.endsWith(BIAS) || !tensors.containsKey(bias)) {
            return;
        }
        String weight = bias.substring(0, bias.length() - BIAS.length()) + ".weight";
        if (!tensors.containsKey(weight)) {
            places.remove(matrix);
            places.put(weight, new Place(tensor, true));
        }
    }

    @Override
    public Set<String> names() {
        return places.keySet();
    }

    @Override
    public List<Long> shape(String name) {
        Place place = place(name);
        List<Long> dimensions = place.tensor().getDimsList();
        return place.isTransposed() ? List.of(dimensions.get(1), dimensions.get(0)) : List.copyOf(dimensions);
    }

    @Override
    public NamedArray array(String name) {
        Place place = place(name);
        TensorProto tensor = place.tensor();
        if (tensor.getDataType() != TensorProto.DataType.FLOAT.getNumber()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: tensor %s: type %s; expected FLOAT, a graph that was not quantized",
                    file,
                    tensor.getName(),
                    TensorProto.DataType.forNumber(tensor.getDataType())));
        }
        float[] values = floats(tensor);
        long count = shape(name).stream().reduce(1L, OnnxWeights::product);
        if (values.length != count) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: tensor %s: %d numbers; expected %d for shape %s",
                    file,
                    tensor.getName(),
                    values.length,
                    count,
                    tensor.getDimsList()));
        }
        ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (place.isTransposed()) {
            int rows = (int) tensor.getDims(0);
            int columns = (int) tensor.getDims(1);
            for (int column = 0; column < columns; column++) {
                for (int row = 0; row < rows; row++) {
                    data.putFloat(values[row * columns + column]);
                }
            }
        } else {
            data.asFloatBuffer().put(values);
            data.position(data.limit());
        }
        return new NamedArray(name, NamedArray.Type.F32, shape(name), data.flip());
    }

    // Saturates, so that no product of dimensions is taken for a small number.
    private static long product(long left, long right) {
        return left < 0 || right < 0 || Math.multiplyHigh(left, right) != 0 ? Long.MAX_VALUE : left * right;
    }

    private static float[] floats(TensorProto tensor) {
        if (tensor.hasRawData()) {
            ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[raw.remaining() / Float.BYTES];
            raw.asFloatBuffer().get(values);
            return values;
        }
        float[] values = new float[tensor.getFloatDataCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.getFloatData(i);
        }
        return values;
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new InputException(file + ": has no tensor " + name);
        }
        return place;
    }

    @Override
    public Path fileOf(String name) {
        return file;
    }

    @Override
    public void close() {
        // The file was read whole.
    }
}
