package dev.changeling.training;

import dev.changeling.config.RunConfig;
import dev.changeling.dynamics.Dynamics;
import dev.changeling.dynamics.StepProbe;
import dev.changeling.evaluation.Predictions;
import dev.changeling.evaluation.PretrainingScores;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.ParameterStore;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.objective.JointStep;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.Totals;
import dev.changeling.profile.Phase;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * One optimizer step: the step's device batches through the joint objective, their gradients added up, checked, clipped
 * and applied. A pure function of the parameters, the optimizer's state and the step's number.
 */
final class TrainStep implements AutoCloseable {
    private final Engine engine;
    private final ParameterStore parameters;
    private final Replicas<Electra> replicas;
    private final RunConfig config;
    private final MaskedBatches batches;
    private final JointObjective objective;
    private final AdamW optimizer;
    private final Schedule schedule;

    TrainStep(
            Electra model,
            Replicas<Electra> replicas,
            RunConfig config,
            MaskedBatches batches,
            JointObjective objective) {
        this.engine = model.engine();
        this.parameters = model.parameters();
        this.replicas = replicas;
        this.config = config;
        this.batches = batches;
        this.objective = objective;
        this.optimizer = new AdamW(engine, model.parameters(), config.optimizer());
        this.schedule = new Schedule(config.schedule(), config.training().steps());
    }

    /**
     * Runs one step.
     *
     * @param step from 0
     * @param scores where to count the step's predictions, or null
     * @param measuresDynamics whether to measure what the step does to the weights, which changes none of them
     * @throws NonFiniteException before the parameters are touched, if a loss or the gradient is not finite
     */
    StepOutcome run(long step, @Nullable PretrainingScores scores, boolean measuresDynamics) {
        try (PointerScope scope = new PointerScope()) {
            StepProbe probe = measuresDynamics ? new StepProbe(parameters, replicas.count()) : null;
            return run(step, scores, probe);
        }
    }

    private StepOutcome run(long step, @Nullable PretrainingScores scores, @Nullable StepProbe probe) {
        List<MaskedBatch> masked = Phase.DATA.of(() -> batches.of(step));
        Totals totals = Totals.of(masked);
        Phase.GRADIENTS.run(replicas::clearGradients);
        List<Pass> passes = replicas.run(
                masked.size(),
                (replica, i) -> Phase.DEVICE_BATCH.of(
                        () -> pass(replica, masked.get(i), totals, step, i, scores != null, probe)));
        Phase.GRADIENTS.run(replicas::sumGradients);

        double mlmLoss = passes.stream().mapToDouble(Pass::mlmLoss).sum();
        double rtdLoss = passes.stream().mapToDouble(Pass::rtdLoss).sum();
        if (scores != null) {
            passes.stream().flatMap(pass -> pass.predictions().stream()).forEach(scores::add);
        }
        double loss =
                config.objective().mlmWeight() * mlmLoss + config.objective().rtdWeight() * rtdLoss;
        double learningRate = config.optimizer().learningRate() * schedule.factor(step);
        double norm;
        try (Engine.Scope scope = engine.scope()) {
            norm = Phase.GRADIENTS.of(optimizer::gradientNorm);
            requireFinite(step, loss, mlmLoss, rtdLoss, norm);
        }
        if (probe != null) {
            probe.beforeUpdate();
        }
        try (Engine.Scope scope = engine.scope()) {
            Phase.OPTIMIZER.run(() -> optimizer.step(step, learningRate, norm));
        }
        Dynamics dynamics = probe == null ? null : probe.afterUpdate(optimizer.deviation());
        return new StepOutcome(loss, mlmLoss, rtdLoss, norm, learningRate, totals.tokens(), dynamics);
    }

    /**
     * What one device batch gave, next to its gradient.
     *
     * @param mlmLoss its share of the step's L_MLM
     * @param rtdLoss its share of the step's L_RTD
     * @param predictions of both networks, if they are to be counted
     */
    private record Pass(double mlmLoss, double rtdLoss, Optional<Predictions> predictions) {}

    private Pass pass(
            Electra replica,
            MaskedBatch batch,
            Totals totals,
            long step,
            int microBatch,
            boolean countsPredictions,
            @Nullable StepProbe probe) {
        try (Engine.Scope scope = engine.scope()) {
            JointStep joint = objective.step(replica, batch, totals, dropout(step, microBatch));
            Phase.BACKWARD.run(() -> backward(joint, replica.parameters(), microBatch % replicas.count(), probe));
            return new Pass(
                    joint.mlmLoss().item_double(),
                    joint.rtdLoss().item_double(),
                    countsPredictions ? Optional.of(Predictions.of(joint, batch, totals)) : Optional.empty());
        }
    }

    /**
     * One loss after the other, in every step: the two have nothing in common but parameters, and autograd would add
     * their gradients up in another order if it got both at once, so that a step that is measured would differ in its
     * last digits from one that is not.
     */
    private void backward(JointStep joint, ParameterStore ofReplica, int replica, @Nullable StepProbe probe) {
        if (probe != null) {
            probe.beforeRtd(replica, ofReplica);
        }
        joint.rtdLoss().mul(new Scalar(config.objective().rtdWeight())).backward();
        if (probe != null) {
            probe.afterRtd(replica, ofReplica);
        }
        joint.mlmLoss().mul(new Scalar(config.objective().mlmWeight())).backward();
    }

    private Dropout dropout(long step, int microBatch) {
        long seed = RandomStream.of(config.training().seed(), Purpose.DROPOUT, step, microBatch)
                .nextLong();
        return Dropout.seeded(engine, config.model().dropout(), config.model().attentionDropout(), seed);
    }

    private static void requireFinite(long step, double loss, double mlmLoss, double rtdLoss, double norm) {
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw new NonFiniteException(String.format(
                    Locale.ROOT,
                    "step %d: the loss or its gradient is not finite (MLM loss %s, RTD loss %s, gradient norm %s); "
                            + "the weights are as they were before it. In a new run, a lower optimizer.learning_rate or a longer "
                            + "schedule.warmup_steps usually helps",
                    step,
                    mlmLoss,
                    rtdLoss,
                    norm));
        }
    }

    /**
     * Refuses weights that a step has thrown out of float32's range; their norm is not finite long before they are.
     *
     * @param step the last one, from 0
     * @throws NonFiniteException if the norm of all weights is not finite
     */
    void requireFiniteWeights(long step) {
        try (Engine.Scope scope = engine.scope()) {
            double norm = optimizer.weightNorm();
            if (!Double.isFinite(norm)) {
                throw new NonFiniteException(String.format(
                        Locale.ROOT,
                        "step %d: the weights are out of range after it (norm %s) and are not saved. In a new run, a "
                                + "lower optimizer.learning_rate or a longer schedule.warmup_steps usually helps",
                        step,
                        norm));
            }
        }
    }

    AdamW optimizer() {
        return optimizer;
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
