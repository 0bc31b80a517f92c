package dev.changeling.onnx;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.changeling.error.InputException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An ONNX graph while it is put together. Nodes are added in the order in which they compute, and every value has a
 * name of its own.
 *
 * <p>The operators are those of the standard's opset {@value #OPSET}, which knows LayerNormalization and is old enough
 * for every runtime of the last years.
 */
final class GraphBuilder {
    /** The version of the standard operators. */
    static final int OPSET = 17;
    /** The version of the file format that came with it. */
    private static final int IR_VERSION = 8;
    /** A protobuf message can't be larger. */
    private static final long LARGEST = Integer.MAX_VALUE;

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Set<String> values = new HashSet<>();
    private long bytes;

    GraphBuilder(String name) {
        graph.setName(name);
    }

    /** A dimension of an input or output: {@code batch}, or a number. */
    record Dimension(String name, long size) {
        static Dimension named(String name) {
            return new Dimension(name, -1);
        }

        static Dimension of(long size) {
            return new Dimension("", size);
        }
    }

    /** Declares a value that the caller gives. */
    void input(String name, TensorProto.DataType type, List<Dimension> shape) {
        define(name);
        graph.addInput(describe(name, type, shape));
    }

    /** Declares a value that the caller gets; a node must compute it. */
    void output(String name, TensorProto.DataType type, List<Dimension> shape) {
        require(name);
        graph.addOutput(describe(name, type, shape));
    }

    /**
     * Adds a constant.
     *
     * @param tensor with its name
     * @return the name
     * @throws InputException if the constants together are more than an ONNX file can hold
     */
    String constant(TensorProto tensor) {
        define(tensor.getName());
        bytes += tensor.getSerializedSize();
        if (bytes > LARGEST) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "the model has more than %d bytes of weights, the most that one ONNX file can hold; quantized it"
                            + " may fit",
                    LARGEST));
        }
        graph.addInitializer(tensor);
        return tensor.getName();
    }

    /** Adds a constant unless there is one of its name, which is the same then. */
    String sharedConstant(TensorProto tensor) {
        return values.contains(tensor.getName()) ? tensor.getName() : constant(tensor);
    }

    /**
     * Adds a node with one output.
     *
     * @param output the name of what it computes, and its own
     * @return that name
     */
    String node(String operator, String output, List<String> inputs, AttributeProto... attributes) {
        return node(operator, List.of(output), inputs, attributes).get(0);
    }

    /** Adds a node; its own name is that of its first output. */
    List<String> node(String operator, List<String> outputs, List<String> inputs, AttributeProto... attributes) {
        inputs.forEach(this::require);
        outputs.forEach(this::define);
        graph.addNode(NodeProto.newBuilder()
                .setName(outputs.get(0))
                .setOpType(operator)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(attributes)));
        return outputs;
    }

    /** Returns whether a value has been defined. */
    boolean has(String value) {
        return values.contains(value);
    }

    ModelProto build() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("changeling")
                .addOpsetImport(
                        OnnxMl.OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph)
                .build();
    }

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto attribute(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    static AttributeProto attribute(String name, List<Long> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(values)
                .build();
    }

    private void define(String value) {
        if (!values.add(value)) {
            throw new IllegalStateException("two values are named " + value);
        }
    }

    private void require(String value) {
        if (!values.contains(value)) {
            throw new IllegalStateException("no value is named " + value);
        }
    }

    private static ValueInfoProto describe(String name, TensorProto.DataType type, List<Dimension> shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (Dimension dimension : shape) {
            TensorShapeProto.Dimension.Builder one = dimensions.addDimBuilder();
            if (dimension.name().isEmpty()) {
                one.setDimValue(dimension.size());
            } else {
                one.setDimParam(dimension.name());
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(dimensions)))
                .build();
    }
}
