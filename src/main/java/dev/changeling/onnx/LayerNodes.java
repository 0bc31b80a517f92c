package dev.changeling.onnx;

import dev.changeling.config.NetworkConfig;
import java.util.List;

/** One post-LayerNorm Transformer block: multi-head attention, then a feed-forward block with the exact GELU. */
record LayerNodes(NetworkBuilder network, NetworkConfig config) {

    /**
     * Returns the name of the layer's output, [B, S, H].
     *
     * @param number of the layer, from 0
     * @param hidden_BSH the name of its input
     * @param bias_B11S the name of what is added to attention scores
     */
    String build(int number, String hidden_BSH, String bias_B11S) {
        String name = "electra.encoder.layer." + number;
        GraphBuilder graph = network.graph();
        int hidden = config.hiddenSize();
        String gathered = attention(name + ".attention", hidden_BSH, bias_B11S);
        String dense = network.linear(name + ".attention.output.dense", gathered, hidden, hidden);
        String attended = network.norm(
                name + ".attention.output.LayerNorm",
                graph.node("Add", name + ".attention.output/sum", List.of(dense, hidden_BSH)),
                hidden);
        String intermediate = network.linear(name + ".intermediate.dense", attended, config.intermediateSize(), hidden);
        String thought = network.linear(
                name + ".output.dense",
                network.gelu(name + ".intermediate", intermediate),
                hidden,
                config.intermediateSize());
        return network.norm(
                name + ".output.LayerNorm",
                graph.node("Add", name + ".output/sum", List.of(thought, attended)),
                hidden);
    }

    private String attention(String name, String hidden_BSH, String bias_B11S) {
        GraphBuilder graph = network.graph();
        String query_BNSD = byHead(name + ".self.query", hidden_BSH, List.of(0L, 2L, 1L, 3L));
        String key_BNDS = byHead(name + ".self.key", hidden_BSH, List.of(0L, 2L, 3L, 1L));
        String value_BNSD = byHead(name + ".self.value", hidden_BSH, List.of(0L, 2L, 1L, 3L));
        String products = graph.node("MatMul", name + ".self/products", List.of(query_BNSD, key_BNDS));
        String root = graph.sharedConstant(Constants.scalar("attention/sqrt_head_size", (float) Math.sqrt(headSize())));
        String scaled = graph.node("Div", name + ".self/scaled", List.of(products, root));
        String scores_BNSS = graph.node("Add", name + ".self/scores", List.of(scaled, bias_B11S));
        String parts = graph.node(
                "Softmax", name + ".self/softmax", List.of(scores_BNSS), GraphBuilder.attribute("axis", -1L));
        String gathered_BNSD = graph.node("MatMul", name + ".self/gathered", List.of(parts, value_BNSD));
        String gathered_BSND = graph.node(
                "Transpose",
                name + ".self/by_token",
                List.of(gathered_BNSD),
                GraphBuilder.attribute("perm", List.of(0L, 2L, 1L, 3L)));
        // 0 keeps a dimension as it is.
        String joined = graph.sharedConstant(Constants.integers("attention/joined_shape", 0, 0, config.hiddenSize()));
        return graph.node("Reshape", name + ".self/output", List.of(gathered_BSND, joined));
    }

    private String byHead(String name, String hidden_BSH, List<Long> order) {
        GraphBuilder graph = network.graph();
        String dense = network.linear(name, hidden_BSH, config.hiddenSize(), config.hiddenSize());
        String split =
                graph.sharedConstant(Constants.integers("attention/split_shape", 0, 0, config.heads(), headSize()));
        String heads_BSND = graph.node("Reshape", name + "/heads", List.of(dense, split));
        return graph.node("Transpose", name + "/by_head", List.of(heads_BSND), GraphBuilder.attribute("perm", order));
    }

    private int headSize() {
        return config.hiddenSize() / config.heads();
    }
}
