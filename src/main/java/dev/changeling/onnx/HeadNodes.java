package dev.changeling.onnx;

import java.util.List;

/** What stands on the encoder, as Hugging Face's classes have it. */
record HeadNodes(NetworkBuilder network, int hidden) {

    /** Adds the head of a task; the graph's output is named as the task says. */
    void build(Task task, String hidden_BSH) {
        switch (task) {
            case FEATURE_EXTRACTION -> features(hidden_BSH);
            case REPLACED_TOKEN_DETECTION -> replacedTokens(hidden_BSH);
            case TEXT_CLASSIFICATION -> textClasses(hidden_BSH);
            case TOKEN_CLASSIFICATION -> tokenClasses(hidden_BSH);
        }
    }

    private void features(String hidden_BSH) {
        finish(Task.FEATURE_EXTRACTION, hidden_BSH, ElectraGraph.BATCH, ElectraGraph.SEQUENCE, size(hidden));
    }

    private void replacedTokens(String hidden_BSH) {
        String name = "discriminator_predictions";
        String transformed = network.gelu(name, network.headLinear(name + ".dense", hidden_BSH, hidden, hidden));
        String column_BS1 = network.headLinear(name + ".dense_prediction", transformed, 1, hidden);
        GraphBuilder graph = network.graph();
        String score_BS = graph.node(
                "Squeeze",
                name + "/score",
                List.of(column_BS1, graph.sharedConstant(Constants.integers("last_axis", -1))));
        finish(Task.REPLACED_TOKEN_DETECTION, score_BS, ElectraGraph.BATCH, ElectraGraph.SEQUENCE);
    }

    // ElectraClassificationHead reads [CLS], and its activation is the exact GELU whatever the encoder's is.
    private void textClasses(String hidden_BSH) {
        GraphBuilder graph = network.graph();
        String first_BH = graph.node(
                "Gather",
                "classifier/first",
                List.of(hidden_BSH, graph.constant(Constants.integer("classifier/first_index", 0))),
                GraphBuilder.attribute("axis", 1L));
        long labels = network.weights().labels("classifier.out_proj.weight");
        String transformed =
                network.gelu("classifier", network.headLinear("classifier.dense", first_BH, hidden, hidden));
        finish(
                Task.TEXT_CLASSIFICATION,
                network.headLinear("classifier.out_proj", transformed, labels, hidden),
                ElectraGraph.BATCH,
                size(labels));
    }

    private void tokenClasses(String hidden_BSH) {
        long labels = network.weights().labels("classifier.weight");
        finish(
                Task.TOKEN_CLASSIFICATION,
                network.headLinear("classifier", hidden_BSH, labels, hidden),
                ElectraGraph.BATCH,
                ElectraGraph.SEQUENCE,
                size(labels));
    }

    private void finish(Task task, String value, GraphBuilder.Dimension... shape) {
        network.graph().node("Identity", task.output(), List.of(value));
        network.graph().output(task.output(), ElectraGraph.FLOAT, List.of(shape));
    }

    private static GraphBuilder.Dimension size(long size) {
        return GraphBuilder.Dimension.of(size);
    }
}
