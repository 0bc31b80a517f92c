package dev.changeling.evaluation;

import dev.changeling.batch.Batch;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.objective.JointStep;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.Totals;
import dev.changeling.tensor.Engine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Scores both networks on held-out text. Masks and samples are the same at every evaluation, so that scores differ by
 * the weights alone.
 */
public final class Evaluator {
    // Steps of training count from 0; this one is never trained on.
    static final long EVALUATION_STEP = -1;

    // Tokens whose states are looked at: the first of the text, however it is cut into device batches.
    private static final long STATES = 1_024;

    private final Replicas<Electra> replicas;
    private final JointObjective objective;
    private final FrequencyBands bands;
    private final long seed;

    public Evaluator(Replicas<Electra> replicas, JointObjective objective, FrequencyBands bands, long seed) {
        this.replicas = replicas;
        this.objective = objective;
        this.bands = bands;
        this.seed = seed;
    }

    /** Returns the scores over these batches, without dropout. */
    public PretrainingReport evaluate(Iterable<Batch> heldOut) {
        PretrainingScores scores = new PretrainingScores(bands);
        Iterator<Batch> rest = heldOut.iterator();
        long firstRow = 0;
        long tokens = 0;
        while (rest.hasNext()) {
            List<MaskedBatch> sideBySide = new ArrayList<>();
            List<Long> looksAt = new ArrayList<>();
            while (rest.hasNext() && sideBySide.size() < replicas.count()) {
                Batch batch = rest.next();
                sideBySide.add(objective.mask(batch, seed, EVALUATION_STEP, firstRow));
                looksAt.add(STATES - tokens);
                firstRow += batch.rows();
                tokens += batch.realTokens();
            }
            replicas.run(sideBySide.size(), (replica, i) -> predict(replica, sideBySide.get(i), looksAt.get(i)))
                    .forEach(scores::add);
        }
        return scores.report();
    }

    /** @param states of how many of its tokens the discriminator's states are looked at */
    private Predictions predict(Electra replica, MaskedBatch batch, long states) {
        Totals totals = Totals.of(List.of(batch));
        return through(
                replica,
                batch,
                totals,
                step -> Predictions.of(step, batch, totals).withStates(step, states));
    }

    /**
     * Returns what the generator makes of some rows and the discriminator of that, without dropout: of each row the
     * first sequence.
     *
     * @param mostTokens of a sequence; what is beyond them is cut off
     */
    public List<CorruptedSequence> corrupt(Batch rows, int mostTokens) {
        MaskedBatch batch = objective.mask(rows, seed, EVALUATION_STEP, 0);
        Totals totals = Totals.of(List.of(batch));
        return replicas.run(
                        1,
                        (replica, i) -> through(
                                replica, batch, totals, step -> CorruptedSequence.firstOfRows(step, batch, mostTokens)))
                .get(0);
    }

    private <T> T through(Electra replica, MaskedBatch batch, Totals totals, Function<JointStep, T> reading) {
        try (Engine.Scope scope = replica.engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            return reading.apply(objective.step(replica, batch, totals, Dropout.NONE));
        }
    }
}
