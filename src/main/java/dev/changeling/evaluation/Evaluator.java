package dev.changeling.evaluation;

import dev.changeling.batch.Batch;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.Totals;
import dev.changeling.tensor.Engine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Scores both networks on held-out text. Masks and samples are the same at every evaluation, so that scores differ by
 * the weights alone.
 */
public final class Evaluator {
    // Steps of training count from 0; this one is never trained on.
    static final long EVALUATION_STEP = -1;

    private final Replicas<Electra> replicas;
    private final JointObjective objective;
    private final long seed;

    public Evaluator(Replicas<Electra> replicas, JointObjective objective, long seed) {
        this.replicas = replicas;
        this.objective = objective;
        this.seed = seed;
    }

    /** Returns the scores over these batches, without dropout. */
    public PretrainingReport evaluate(Iterable<Batch> heldOut) {
        PretrainingScores scores = new PretrainingScores();
        Iterator<Batch> rest = heldOut.iterator();
        long firstRow = 0;
        while (rest.hasNext()) {
            List<MaskedBatch> sideBySide = new ArrayList<>();
            while (rest.hasNext() && sideBySide.size() < replicas.count()) {
                Batch batch = rest.next();
                sideBySide.add(objective.mask(batch, seed, EVALUATION_STEP, firstRow));
                firstRow += batch.rows();
            }
            replicas.run(sideBySide.size(), (replica, i) -> predict(replica, sideBySide.get(i)))
                    .forEach(scores::add);
        }
        return scores.report();
    }

    private Predictions predict(Electra replica, MaskedBatch batch) {
        try (Engine.Scope scope = replica.engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Totals totals = Totals.of(List.of(batch));
            return Predictions.of(objective.step(replica, batch, totals, Dropout.NONE), totals);
        }
    }
}
