package dev.changeling.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.changeling.error.InputException;
import dev.changeling.hub.HuggingFaceConfig;
import java.util.List;

/**
 * An ELECTRA as an ONNX graph, with the inputs that Hugging Face's exports have: {@code input_ids},
 * {@code attention_mask} (1 for a real token, 0 for padding) and {@code token_type_ids}, each int64 [B, S] with B and S
 * free.
 */
final class ElectraGraph {
    static final String INPUT_IDS = "input_ids";
    static final String ATTENTION_MASK = "attention_mask";
    static final String TOKEN_TYPE_IDS = "token_type_ids";
    static final GraphBuilder.Dimension BATCH = GraphBuilder.Dimension.named("batch");
    static final GraphBuilder.Dimension SEQUENCE = GraphBuilder.Dimension.named("sequence");
    static final TensorProto.DataType FLOAT = TensorProto.DataType.FLOAT;

    private ElectraGraph() {}

    /**
     * Returns the graph.
     *
     * @throws InputException if a tensor is missing, not finite, or of another shape or type than the configuration
     *     says, or the model is too large for one file
     */
    static ModelProto build(HuggingFaceConfig config, ElectraWeights weights, Task task, Quantization quantization) {
        GraphBuilder graph = new GraphBuilder("electra");
        for (String input : List.of(INPUT_IDS, ATTENTION_MASK, TOKEN_TYPE_IDS)) {
            graph.input(input, TensorProto.DataType.INT64, List.of(BATCH, SEQUENCE));
        }
        NetworkBuilder network =
                new NetworkBuilder(graph, weights, MatrixFormat.of(quantization), config.layerNormEpsilon());
        String bias_B11S = attentionBias(graph);
        String hidden_BSH = new EmbeddingNodes(network, config).build();
        LayerNodes layers = new LayerNodes(network, config.network());
        for (int i = 0; i < config.network().layers(); i++) {
            hidden_BSH = layers.build(i, hidden_BSH, bias_B11S);
        }
        new HeadNodes(network, config.network().hiddenSize()).build(task, hidden_BSH);
        return graph.build();
    }

    // The most negative float, not −∞: a row of nothing but padding must not become NaN.
    private static String attentionBias(GraphBuilder graph) {
        String mask = graph.node(
                "Cast",
                ATTENTION_MASK + "/float",
                List.of(ATTENTION_MASK),
                GraphBuilder.attribute("to", TensorProto.DataType.FLOAT_VALUE));
        String mask_B11S = graph.node(
                "Unsqueeze",
                ATTENTION_MASK + "/by_head",
                List.of(mask, graph.constant(Constants.integers(ATTENTION_MASK + "/axes", 1, 2))));
        String padding_B11S = graph.node(
                "Sub",
                ATTENTION_MASK + "/padding",
                List.of(graph.constant(Constants.scalar(ATTENTION_MASK + "/one", 1)), mask_B11S));
        return graph.node(
                "Mul",
                ATTENTION_MASK + "/bias",
                List.of(padding_B11S, graph.constant(Constants.scalar(ATTENTION_MASK + "/lowest", -Float.MAX_VALUE))));
    }
}
