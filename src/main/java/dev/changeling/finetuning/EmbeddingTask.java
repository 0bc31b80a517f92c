package dev.changeling.finetuning;

import dev.changeling.batch.Sequence;
import dev.changeling.evaluation.Correlation;
import dev.changeling.hub.TaskKind;
import dev.changeling.task.Labels;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Vectors of texts, near each other where the texts belong together: of all the second texts of a batch, the first must
 * find its own by the cosine of the vectors (contrastive loss; van den Oord et al., arXiv 1807.03748). A text without a
 * partner is its own, with other units dropped (Gao et al., "SimCSE", arXiv 2104.08821).
 *
 * @param temperature that cosines are divided by; 0.05 in SimCSE
 * @param graded whether the pairs to score on come with numbers that say how alike their texts are
 * @param text makes sequences of texts
 */
record EmbeddingTask(double temperature, boolean graded, TextItems text)
        implements Task<TextExample, Boolean, EmbeddingTask.Pair> {

    /** The vectors of the two texts, not normalised. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pair(float[] first, float[] second) {
        double cosine() {
            return cosine(first, second);
        }

        static double cosine(float[] a, float[] b) {
            double product = 0;
            double lengthA = 0;
            double lengthB = 0;
            for (int i = 0; i < a.length; i++) {
                product += (double) a[i] * b[i];
                lengthA += (double) a[i] * a[i];
                lengthB += (double) b[i] * b[i];
            }
            return product / Math.max(1e-12, Math.sqrt(lengthA * lengthB));
        }
    }

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
        if (graded) {
            number(example); // one that is none is found now, not after an hour
        }
        Sequence first = text.sequences().of(text.tokenizer().ids(example.first()));
        Sequence second = example.second() == null
                ? first
                : text.sequences().of(text.tokenizer().ids(example.second()));
        return List.of(new Item<>(List.of(first, second), true));
    }

    private static double number(TextExample example) {
        return Labels.number(example.labels().get(0), example.where());
    }

    @Override
    public boolean isJoint() {
        return true;
    }

    @Override
    public Tensor lossSum(Engine engine, Tensor outputs, List<Item<Boolean>> items) {
        long pairs = items.size();
        Tensor lengths = outputs.norm(new ScalarOptional(new Scalar(2)), 1L).clamp_min(new Scalar(1e-6));
        Tensor units_P2H = outputs.div(lengths.unsqueeze(1)).view(pairs, 2, outputs.size(1));
        Tensor cosines_PP = units_P2H.select(1, 0).matmul(units_P2H.select(1, 1).t());
        float[] even = new float[items.size()];
        Arrays.fill(even, 1);
        return Losses.crossEntropy(
                engine,
                cosines_PP.div(new Scalar(temperature)),
                IntStream.range(0, items.size()).toArray(),
                even);
    }

    @Override
    public double weight(Item<Boolean> item) {
        return 1;
    }

    @Override
    public Pair prediction(TextExample example, List<Item<Boolean>> items, List<float[]> outputs) {
        return new Pair(outputs.get(0), outputs.get(1));
    }

    @Override
    public List<String> measures() {
        return graded ? List.of("spearman", "pearson") : List.of("mean_reciprocal_rank", "recall_at_1");
    }

    /**
     * Scores pairs. With numbers that say how alike the texts are, the correlation with the cosines; else how often,
     * and how soon, a first text finds its own second among all.
     */
    @Override
    public TaskScores scores(List<TextExample> examples, List<Pair> predictions) {
        Map<String, Double> values = new LinkedHashMap<>();
        if (graded) {
            double[] gold = examples.stream().mapToDouble(EmbeddingTask::number).toArray();
            double[] cosines = predictions.stream().mapToDouble(Pair::cosine).toArray();
            values.put("spearman", Correlation.spearman(gold, cosines));
            values.put("pearson", Correlation.pearson(gold, cosines));
            return new TaskScores("spearman", values);
        }
        double found = 0;
        double reciprocalRanks = 0;
        for (int i = 0; i < predictions.size(); i++) {
            float[] first = predictions.get(i).first();
            double own = predictions.get(i).cosine();
            int rank = 1;
            for (int other = 0; other < predictions.size(); other++) {
                // Of equals, the own counts as the last: vectors that are all the same find nothing.
                rank += other != i && Pair.cosine(first, predictions.get(other).second()) >= own ? 1 : 0;
            }
            found += rank == 1 ? 1 : 0;
            reciprocalRanks += 1.0 / rank;
        }
        values.put("mean_reciprocal_rank", reciprocalRanks / predictions.size());
        values.put("recall_at_1", found / predictions.size());
        return new TaskScores("mean_reciprocal_rank", values);
    }

    @Override
    public Map<String, Object> row(TextExample example, Pair prediction) {
        Map<String, Object> row = TextRows.start(example);
        if (graded) {
            row.put("label", number(example));
        }
        row.put("cosine", prediction.cosine());
        return row;
    }
}
