package dev.changeling.evaluation;

import dev.changeling.batch.Batch;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.objective.JointObjective;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.Totals;
import dev.changeling.tensor.Engine;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Scores both networks on held-out text. Masks and samples are the same at every evaluation, so that scores differ by
 * the weights alone.
 */
public final class Evaluator {
    // Steps of training count from 0; this one is never trained on.
    private static final long EVALUATION_STEP = -1;

    private final Electra model;
    private final JointObjective objective;
    private final long seed;

    public Evaluator(Electra model, JointObjective objective, long seed) {
        this.model = model;
        this.objective = objective;
        this.seed = seed;
    }

    /** Returns the scores over these batches, without dropout. */
    public PretrainingReport evaluate(Iterable<Batch> heldOut) {
        PretrainingScores scores = new PretrainingScores();
        long firstRow = 0;
        for (Batch batch : heldOut) {
            try (Engine.Scope scope = model.engine().scope();
                    NoGradGuard noGrad = new NoGradGuard()) {
                MaskedBatch masked = objective.mask(batch, seed, EVALUATION_STEP, firstRow);
                Totals totals = Totals.of(List.of(masked));
                scores.add(objective.step(masked, totals, Dropout.NONE), totals);
            }
            firstRow += batch.rows();
        }
        return scores.report();
    }
}
