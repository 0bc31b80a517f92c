package dev.changeling.onnx;

import dev.changeling.safetensors.NamedArray;
import java.util.List;

/** Matrices of 32-bit floats. */
final class FloatMatrices implements MatrixFormat {
    @Override
    public String multiply(GraphBuilder graph, String output, String input, NamedArray weight) {
        return graph.node("MatMul", output, List.of(input, graph.constant(Constants.transposed(weight))));
    }

    @Override
    public String lookUp(GraphBuilder graph, String output, String ids, NamedArray table) {
        return graph.node("Gather", output, List.of(graph.constant(Constants.of(table)), ids));
    }
}
