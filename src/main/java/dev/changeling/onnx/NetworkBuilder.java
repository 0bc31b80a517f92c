package dev.changeling.onnx;

import java.util.List;

/**
 * The layers that an ELECTRA is made of, as nodes of a graph. A layer is named as its parameters are.
 *
 * @param graph that the nodes go into
 * @param weights the parameters
 * @param matrices the format of the trunk's matrices
 * @param layerNormEpsilon added to the variance
 */
record NetworkBuilder(GraphBuilder graph, ElectraWeights weights, MatrixFormat matrices, double layerNormEpsilon) {

    /** Adds a dense layer of the trunk. */
    String linear(String name, String input, long outputs, long inputs) {
        return linear(matrices, name, input, outputs, inputs);
    }

    /** Adds a dense layer of a head: small, and what it says is the answer, so its matrix is never rounded. */
    String headLinear(String name, String input, long outputs, long inputs) {
        return linear(new FloatMatrices(), name, input, outputs, inputs);
    }

    private String linear(MatrixFormat format, String name, String input, long outputs, long inputs) {
        String product =
                format.multiply(graph, name + "/product", input, weights.array(name + ".weight", outputs, inputs));
        String bias = graph.constant(Constants.of(weights.array(name + ".bias", outputs)));
        return graph.node("Add", name + "/output", List.of(product, bias));
    }

    /** Adds a LayerNorm over the last dimension. */
    String norm(String name, String input, long width) {
        return graph.node(
                "LayerNormalization",
                name + "/output",
                List.of(
                        input,
                        graph.constant(Constants.of(weights.array(name + ".weight", width))),
                        graph.constant(Constants.of(weights.array(name + ".bias", width)))),
                GraphBuilder.attribute("axis", -1L),
                GraphBuilder.attribute("epsilon", (float) layerNormEpsilon));
    }

    /**
     * Adds {@code x · (1 + erf(x / √2)) / 2}, the exact GELU (Hendrycks and Gimpel, arXiv 1606.08415), in the order of
     * nodes that runtimes know and fuse; opset 17 has no operator of that name.
     *
     * @param name of the layer
     */
    String gelu(String name, String input) {
        String root = graph.sharedConstant(Constants.scalar("gelu/sqrt_2", (float) Math.sqrt(2)));
        String one = graph.sharedConstant(Constants.scalar("gelu/one", 1));
        String half = graph.sharedConstant(Constants.scalar("gelu/half", 0.5f));
        String quotient = graph.node("Div", name + "/gelu/quotient", List.of(input, root));
        String erf = graph.node("Erf", name + "/gelu/erf", List.of(quotient));
        String sum = graph.node("Add", name + "/gelu/sum", List.of(erf, one));
        String product = graph.node("Mul", name + "/gelu/product", List.of(input, sum));
        return graph.node("Mul", name + "/gelu/output", List.of(product, half));
    }
}
