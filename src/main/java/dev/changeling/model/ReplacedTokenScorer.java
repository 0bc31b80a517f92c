package dev.changeling.model;

import dev.changeling.batch.Batches;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Asks a discriminator about sequences as they come, any number of any length. Safe for use by several threads.
 *
 * @param engine that holds the discriminator
 * @param discriminator what is asked
 * @param padding the id of [PAD]
 */
public record ReplacedTokenScorer(Engine engine, Discriminator discriminator, int padding) {
    // Bounds the attention bias, which grows with rows × length², and everything else.
    private static final int TOKENS_A_BATCH = 4096;

    /**
     * Returns the logit of "replaced" for every token of every sequence, in the order given, without dropout.
     *
     * @param sequences token ids, [CLS] and [SEP] included; none empty, and none longer than the position table
     */
    public List<float[]> score(List<int[]> sequences) {
        float[][] scores = new float[sequences.size()][];
        // Neighbours in length share a batch, so that little of it is padding.
        List<Integer> byLength = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> sequences.get(i).length))
                .toList();
        int from = 0;
        while (from < byLength.size()) {
            int to = from + 1;
            while (to < byLength.size() && (to + 1 - from) * sequences.get(byLength.get(to)).length <= TOKENS_A_BATCH) {
                to++;
            }
            List<Integer> batch = byLength.subList(from, to);
            List<float[]> scored = scoreBatch(batch.stream().map(sequences::get).toList());
            for (int i = 0; i < scored.size(); i++) {
                scores[batch.get(i)] = scored.get(i);
            }
            from = to;
        }
        return List.of(scores);
    }

    private List<float[]> scoreBatch(List<int[]> sequences) {
        try (Engine.Scope scope = engine.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            PackedInput input = PackedInput.of(engine, Batches.of(sequences, padding));
            float[] scores_T = HostCopy.toFloats(discriminator.score(input, Dropout.NONE));
            List<float[]> scores = new ArrayList<>();
            int from = 0;
            for (int[] sequence : sequences) {
                scores.add(java.util.Arrays.copyOfRange(scores_T, from, from + sequence.length));
                from += sequence.length;
            }
            return scores;
        }
    }
}
