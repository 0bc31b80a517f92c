package dev.changeling.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.changeling.safetensors.NamedArray;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Matrices of 8-bit integers with a scale for each of a layer's outputs (or for each row of a table): {@code w ≈ scale
 * · q}, q from −127 to 127, {@code scale = max |w| / 127}.
 *
 * <p>What is multiplied is rounded to 8 bits when the graph runs, with a scale of its own for each batch
 * (DynamicQuantizeLinear), and the product is exact in 32-bit integers. So a number depends a little on what else is in
 * its batch.
 *
 * <p>A layer's weights are stored unsigned, as q + 128: x86 processors without VNNI multiply unsigned by signed bytes
 * in 16 bits, which overflow (<a
 * href="https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html">ONNX Runtime, Quantize ONNX
 * models</a>).
 */
final class Int8Matrices implements MatrixFormat {
    private static final int LARGEST = 127;
    private static final int ZERO = 128;

    @Override
    public String multiply(GraphBuilder graph, String output, String input, NamedArray weight) {
        int outputs = Math.toIntExact(weight.shape().get(0));
        int inputs = Math.toIntExact(weight.shape().get(1));
        FloatBuffer values = Constants.floats(weight);
        float[] scales = rowScales(values, outputs, inputs);
        ByteBuffer bytes = ByteBuffer.allocate(outputs * inputs);
        for (int out = 0; out < outputs; out++) {
            for (int in = 0; in < inputs; in++) {
                bytes.put(in * outputs + out, (byte) (round(values.get(out * inputs + in), scales[out]) + ZERO));
            }
        }
        String name = weight.name();
        String quantized = graph.constant(Constants.of(
                name + "_quantized", TensorProto.DataType.UINT8, List.of((long) inputs, (long) outputs), bytes));
        String zero = graph.sharedConstant(Constants.of(
                "weight_zero_point", TensorProto.DataType.UINT8, List.of(), ByteBuffer.wrap(new byte[] {(byte) ZERO})));
        String scale = graph.constant(Constants.floats(name + "_scale", scales));

        // Query, key and value multiply the same numbers.
        String rounded = input + "_quantized";
        if (!graph.has(rounded)) {
            graph.node(
                    "DynamicQuantizeLinear", List.of(rounded, input + "_scale", input + "_zero_point"), List.of(input));
        }
        String product = graph.node(
                "MatMulInteger", output + "_integer", List.of(rounded, quantized, input + "_zero_point", zero));
        String cast = graph.node(
                "Cast",
                output + "_float",
                List.of(product),
                GraphBuilder.attribute("to", TensorProto.DataType.FLOAT_VALUE));
        String scales2 = graph.node("Mul", output + "_scale", List.of(input + "_scale", scale));
        return graph.node("Mul", output, List.of(cast, scales2));
    }

    @Override
    public String lookUp(GraphBuilder graph, String output, String ids, NamedArray table) {
        int rows = Math.toIntExact(table.shape().get(0));
        int width = Math.toIntExact(table.shape().get(1));
        FloatBuffer values = Constants.floats(table);
        float[] scales = rowScales(values, rows, width);
        ByteBuffer bytes = ByteBuffer.allocate(rows * width);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < width; i++) {
                bytes.put((byte) round(values.get(row * width + i), scales[row]));
            }
        }
        bytes.flip();
        String quantized = graph.constant(
                Constants.of(table.name() + "_quantized", TensorProto.DataType.INT8, table.shape(), bytes));
        String scale = graph.constant(Constants.floats(table.name() + "_scale", scales));
        String found = graph.node("Gather", output + "_integer", List.of(quantized, ids));
        String cast = graph.node(
                "Cast",
                output + "_float",
                List.of(found),
                GraphBuilder.attribute("to", TensorProto.DataType.FLOAT_VALUE));
        String scale_BS = graph.node("Gather", output + "_scale", List.of(scale, ids));
        String scale_BS1 = graph.node(
                "Unsqueeze",
                output + "_scale_column",
                List.of(scale_BS, graph.sharedConstant(Constants.integers("last_axis", -1))));
        return graph.node("Mul", output, List.of(cast, scale_BS1));
    }

    private static float[] rowScales(FloatBuffer values, int rows, int columns) {
        float[] scales = new float[rows];
        for (int row = 0; row < rows; row++) {
            float largest = 0;
            for (int column = 0; column < columns; column++) {
                largest = Math.max(largest, Math.abs(values.get(row * columns + column)));
            }
            // A row of zeros, that of padding for example, may have any scale.
            scales[row] = largest == 0 ? 1 : largest / LARGEST;
        }
        return scales;
    }

    // A scale that was rounded down can lift the quotient over 127.
    private static int round(float value, float scale) {
        return Math.max(-LARGEST, Math.min(LARGEST, (int) Math.rint(value / scale)));
    }
}
