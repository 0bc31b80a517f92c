package dev.changeling.onnx;

import dev.changeling.hub.HuggingFaceConfig;
import java.util.List;

/** Word, position and segment embeddings, their LayerNorm, and the projection to the layers' width. */
record EmbeddingNodes(NetworkBuilder network, HuggingFaceConfig config) {
    private static final String NAME = "electra.embeddings";

    /** Returns the name of what the first layer reads, [B, S, H]. */
    String build() {
        GraphBuilder graph = network.graph();
        long width = config.embeddingSize();
        String words = network.matrices()
                .lookUp(
                        graph,
                        NAME + ".word_embeddings/output",
                        ElectraGraph.INPUT_IDS,
                        network.weights().array(NAME + ".word_embeddings.weight", config.vocabularySize(), width));
        String segments = graph.node(
                "Gather",
                NAME + ".token_type_embeddings/output",
                List.of(table(".token_type_embeddings.weight", config.segmentTypes()), ElectraGraph.TOKEN_TYPE_IDS));
        String typed = graph.node("Add", NAME + "/typed", List.of(words, segments));
        String sum = graph.node("Add", NAME + "/sum", List.of(typed, positions()));
        String normalized = network.norm(NAME + ".LayerNorm", sum, width);
        int hidden = config.network().hiddenSize();
        return width == hidden ? normalized : network.linear("electra.embeddings_project", normalized, hidden, width);
    }

    /** Returns the name of the first S rows of the position table, [S, E]; a runtime refuses a text that is longer. */
    private String positions() {
        GraphBuilder graph = network.graph();
        String name = NAME + ".position_embeddings";
        String shape = graph.node("Shape", name + "/shape", List.of(ElectraGraph.INPUT_IDS));
        String length = graph.node(
                "Gather", name + "/length", List.of(shape, graph.constant(Constants.integer(name + "/axis", 1))));
        String ids = graph.node(
                "Range",
                name + "/ids",
                List.of(
                        graph.constant(Constants.integer(name + "/first", 0)),
                        length,
                        graph.constant(Constants.integer(name + "/step", 1))));
        return graph.node(
                "Gather", name + "/output", List.of(table(".position_embeddings.weight", config.maxPositions()), ids));
    }

    private String table(String name, long rows) {
        return network.graph()
                .constant(Constants.of(network.weights().array(NAME + name, rows, config.embeddingSize())));
    }
}
