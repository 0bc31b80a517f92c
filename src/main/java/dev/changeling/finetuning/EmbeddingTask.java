package dev.changeling.finetuning;

import dev.changeling.hub.TaskKind;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Vectors of texts, near each other where the texts belong together: of all the second texts of a batch, the first must
 * find its own by the cosine of the vectors (contrastive loss; van den Oord et al., arXiv 1807.03748). A text without a
 * partner is its own, with other units dropped (Gao et al., "SimCSE", arXiv 2104.08821).
 *
 * @param temperature that cosines are divided by; 0.05 in SimCSE
 * @param paired whether texts have partners
 * @param text makes sequences of texts
 */
record EmbeddingTask(double temperature, boolean paired, TextItems text)
        implements Task<TextExample, Boolean, VectorPair> {
    /** Pairs whose vectors are compared at once, in some tens of megabytes. */
    private static final int PAIRS_AT_ONCE = 1024;

    @Override
    public TaskKind kind() {
        return TaskKind.EMBEDDING;
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public List<Item<Boolean>> items(TextExample example) {
        return List.of(new Item<>(text.both(example), true));
    }

    @Override
    public boolean isJoint() {
        return true;
    }

    @Override
    public Tensor lossSum(Engine engine, Tensor outputs, List<Item<Boolean>> items) {
        Tensor units_P2H = Losses.units(outputs).view(items.size(), 2, outputs.size(1));
        Tensor cosines_PP = units_P2H.select(1, 0).matmul(units_P2H.select(1, 1).t());
        return Losses.crossEntropy(
                engine,
                cosines_PP.div(new Scalar(temperature)),
                IntStream.range(0, items.size()).toArray());
    }

    @Override
    public double weight(Item<Boolean> item) {
        return 1;
    }

    @Override
    public VectorPair prediction(TextExample example, List<Item<Boolean>> items, List<float[]> outputs) {
        return new VectorPair(outputs.get(0), outputs.get(1));
    }

    /** Returns what may decide, see {@link TaskExamples}. */
    static List<String> measures(boolean paired) {
        return paired ? List.of("mean_reciprocal_rank", "recall_at_1") : List.of("dispersion");
    }

    /**
     * Scores pairs by how often, and how soon, a first text finds its own second among all. Texts without partners have
     * nothing to find: their dispersion, 1 less the mean cosine between different texts, only tells whether the vectors
     * use their space, 0 if all point one way.
     */
    @Override
    public TaskScores scores(List<TextExample> examples, List<VectorPair> predictions) {
        return paired ? ranks(predictions) : dispersion(predictions);
    }

    private static TaskScores ranks(List<VectorPair> predictions) {
        int[] ranks = PairRanks.of(predictions, PAIRS_AT_ONCE);
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(
                "mean_reciprocal_rank",
                Arrays.stream(ranks).mapToDouble(rank -> 1.0 / rank).average().orElse(0));
        values.put("recall_at_1", Arrays.stream(ranks).filter(rank -> rank == 1).count() / (double) ranks.length);
        return new TaskScores("mean_reciprocal_rank", values);
    }

    private static TaskScores dispersion(List<VectorPair> predictions) {
        int texts = predictions.size();
        double cosines = IntStream.range(0, texts)
                .mapToDouble(i -> VectorPair.cosine(
                        predictions.get(i).first(),
                        predictions.get((i + 1) % texts).first()))
                .average()
                .orElse(1);
        return new TaskScores("dispersion", Map.of("dispersion", 1 - cosines));
    }

    @Override
    public Map<String, Object> row(TextExample example, VectorPair prediction) {
        Map<String, Object> row = TextRows.start(example);
        if (paired) {
            row.put("cosine", prediction.cosine());
        }
        return row;
    }
}
