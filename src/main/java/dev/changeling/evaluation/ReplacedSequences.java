package dev.changeling.evaluation;

import dev.changeling.batch.Batch;
import dev.changeling.batch.HeldOutBatches;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.objective.JointObjective;
import dev.changeling.objective.JointStep;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.Totals;
import dev.changeling.shard.Dataset;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Held-out text with tokens replaced, for whatever judges sequences outside of libtorch. The replacements are the same
 * at every call.
 *
 * @param replacements where they come from, in words
 * @param sequences the text
 */
public record ReplacedSequences(String replacements, List<ReplacedSequence> sequences) {
    private static final int ROWS_A_BATCH = 32;
    // The paper's masks; every replacement is drawn from the token frequencies.
    private static final ObjectiveConfig FREQUENCIES = ObjectiveConfig.published()
            .withSampling(ObjectiveConfig.published().sampling().withFractions(1, 0));

    public ReplacedSequences {
        sequences = List.copyOf(sequences);
    }

    /** Returns no text at all. */
    public static ReplacedSequences none() {
        return new ReplacedSequences("none", List.of());
    }

    /** Returns whether there is no text. */
    public boolean isEmpty() {
        return sequences.isEmpty();
    }

    /**
     * Replaces tokens as a run's own objective does. With all rows these are the sequences that {@link Evaluator}
     * scores on, when it is given the run's seed.
     *
     * @param model whose generator is asked
     * @param config of the run
     * @param rows how many held-out rows; 0 for all
     */
    public static ReplacedSequences ofRun(Electra model, RunConfig config, Dataset dataset, int rows) {
        JointObjective objective = new JointObjective(
                config.objective(), dataset.tokenTable(), config.training().steps());
        List<ReplacedSequence> sequences = new ArrayList<>();
        long firstRow = 0;
        for (Batch batch : new HeldOutBatches(dataset, ROWS_A_BATCH, rows)) {
            MaskedBatch masked = objective.mask(batch, config.training().seed(), Evaluator.EVALUATION_STEP, firstRow);
            firstRow += batch.rows();
            try (Engine.Scope scope = model.engine().scope();
                    NoGradGuard noGrad = new NoGradGuard()) {
                JointStep step = objective.step(model, masked, Totals.of(List.of(masked)), Dropout.NONE);
                addSequences(batch, HostCopy.toInts(step.replaced().input().tokens_BS()), sequences);
            }
        }
        return new ReplacedSequences("as in the run's training", sequences);
    }

    /**
     * Replaces 15 % of the tokens by draws from the token frequencies of the training text: needs no generator.
     *
     * @param rows how many held-out rows; 0 for all
     * @param seed of the draws
     */
    public static ReplacedSequences byFrequency(Dataset dataset, int rows, long seed) {
        JointObjective objective = new JointObjective(FREQUENCIES, dataset.tokenTable(), 0);
        List<ReplacedSequence> sequences = new ArrayList<>();
        long firstRow = 0;
        for (Batch batch : new HeldOutBatches(dataset, ROWS_A_BATCH, rows)) {
            MaskedBatch masked = objective.mask(batch, seed, Evaluator.EVALUATION_STEP, firstRow);
            firstRow += batch.rows();
            int[] corrupted = batch.tokens().clone();
            int[] positions = masked.masked().positions();
            for (int i = 0; i < positions.length; i++) {
                corrupted[positions[i]] = masked.drawn()[i];
            }
            addSequences(batch, corrupted, sequences);
        }
        return new ReplacedSequences("15 % of the tokens, drawn from token frequencies", sequences);
    }

    /** Cuts rows into the sequences that are packed in them. */
    private static void addSequences(Batch batch, int[] corrupted, List<ReplacedSequence> sequences) {
        int from = 0;
        while (from < corrupted.length) {
            int to = from + 1;
            int rowEnd = (from / batch.length() + 1) * batch.length();
            while (to < rowEnd && batch.sequences()[to] == batch.sequences()[from]) {
                to++;
            }
            if (batch.sequences()[from] != 0) {
                float[] replaced = new float[to - from];
                for (int i = from; i < to; i++) {
                    replaced[i - from] = corrupted[i] == batch.tokens()[i] ? 0 : 1;
                }
                sequences.add(new ReplacedSequence(
                        Arrays.copyOfRange(corrupted, from, to),
                        Arrays.copyOfRange(batch.segments(), from, to),
                        replaced));
            }
            from = to;
        }
    }
}
