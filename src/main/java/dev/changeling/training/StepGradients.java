package dev.changeling.training;

import dev.changeling.config.RunConfig;
import dev.changeling.dynamics.StepProbe;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.ParameterStore;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.objective.JointStep;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.profile.Phase;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** The gradients of a step's device batches, added up in the model's store; whatever was there before is cleared. */
final class StepGradients {
    private final Engine engine;
    private final Replicas<Electra> replicas;
    private final RunConfig config;
    private final JointObjective objective;

    StepGradients(Engine engine, Replicas<Electra> replicas, RunConfig config, JointObjective objective) {
        this.engine = engine;
        this.replicas = replicas;
        this.config = config;
        this.objective = objective;
    }

    /** Leaves the gradients of all losses. */
    void ofBoth(Passes passes) {
        of(passes, (replica, batch, i) -> objective.step(replica, batch, passes.totals(), dropout(passes.step(), i)));
    }

    /** Leaves the gradients of the generator's losses; the discriminator is not asked. */
    void ofGenerator(Passes passes) {
        of(
                passes,
                (replica, batch, i) -> objective.generate(replica, batch, passes.totals(), dropout(passes.step(), i)));
    }

    /**
     * Leaves the gradients of the discriminator's losses; the generator is not asked.
     *
     * @param samples what it has written over each batch's masked positions
     */
    void ofDiscriminator(Passes passes, List<int[]> samples) {
        of(
                passes,
                (replica, batch, i) -> objective.judge(
                        replica,
                        batch,
                        samples.get(i),
                        passes.totals(),
                        dropout(passes.step(), passes.batches().size() + i)));
    }

    @FunctionalInterface
    private interface Forward {
        JointStep of(Electra replica, MaskedBatch batch, int number);
    }

    private void of(Passes passes, Forward forward) {
        Phase.GRADIENTS.run(replicas::clearGradients);
        passes.add(replicas.run(
                passes.batches().size(),
                (replica, i) -> Phase.DEVICE_BATCH.of(() -> pass(replica, i, passes, forward))));
        Phase.GRADIENTS.run(replicas::sumGradients);
    }

    private Passes.Pass pass(Electra replica, int number, Passes passes, Forward forward) {
        MaskedBatch batch = passes.batches().get(number);
        try (Engine.Scope scope = engine.scope()) {
            JointStep joint = forward.of(replica, batch, number);
            Phase.BACKWARD.run(() -> backward(joint, replica.parameters(), number % replicas.count(), passes.probe()));
            return passes.read(joint, batch);
        }
    }

    /**
     * One network's losses after the other's, in every step: the two have nothing in common but parameters, and
     * autograd would add their gradients up in another order if it got both at once, so that a step that is measured
     * would differ in its last digits from one that is not.
     */
    private static void backward(JointStep joint, ParameterStore ofReplica, int replica, @Nullable StepProbe probe) {
        joint.losses().ofDiscriminator().ifPresent(loss -> {
            if (probe != null) {
                probe.beforeDiscriminator(replica, ofReplica);
            }
            loss.backward();
            if (probe != null) {
                probe.afterDiscriminator(replica, ofReplica);
            }
        });
        joint.losses().ofGenerator().filter(Tensor::requires_grad).ifPresent(Tensor::backward);
    }

    private Dropout dropout(long step, int microBatch) {
        long seed = RandomStream.of(config.training().seed(), Purpose.DROPOUT, step, microBatch)
                .nextLong();
        return Dropout.seeded(engine, config.model().dropout(), config.model().attentionDropout(), seed);
    }
}
