package dev.changeling.model;

import dev.changeling.batch.Batches;
import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceGroups;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.List;
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

    /** @param padding the id of [PAD] */
    public static ReplacedTokenScorer of(StandaloneModel<Discriminator> model, int padding) {
        return new ReplacedTokenScorer(model.engine(), model.network(), padding);
    }

    /**
     * Returns the logit of "replaced" for every token of every sequence, in the order given, without dropout.
     *
     * @param sequences token ids, [CLS] and [SEP] included; none empty, and none longer than the position table
     */
    public List<float[]> score(List<int[]> sequences) {
        float[][] scores = new float[sequences.size()][];
        int[] lengths = sequences.stream().mapToInt(sequence -> sequence.length).toArray();
        for (List<Integer> batch : SequenceGroups.byLength(lengths, TOKENS_A_BATCH)) {
            List<float[]> scored = scoreBatch(batch.stream().map(sequences::get).toList());
            for (int i = 0; i < scored.size(); i++) {
                scores[batch.get(i)] = scored.get(i);
            }
        }
        return List.of(scores);
    }

    private List<float[]> scoreBatch(List<int[]> sequences) {
        try (Engine.Scope scope = engine.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            PackedInput input = PackedInput.of(
                    engine, Batches.of(sequences.stream().map(Sequence::of).toList(), padding));
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
