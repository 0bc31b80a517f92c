package dev.changeling.training;

import dev.changeling.config.RunConfig;
import dev.changeling.config.StagesConfig;
import dev.changeling.dynamics.Dynamics;
import dev.changeling.dynamics.StepProbe;
import dev.changeling.evaluation.PretrainingScores;
import dev.changeling.model.Electra;
import dev.changeling.model.Parameter;
import dev.changeling.model.ParameterStore;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.Totals;
import dev.changeling.profile.Phase;
import dev.changeling.tensor.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
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
    private final StepGradients gradients;
    private final Optimizers optimizers;
    private @Nullable SampleStore store;

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
        this.gradients = new StepGradients(engine, replicas, config, objective);
        this.optimizers = Optimizers.of(engine, model.parameters(), config.optimizer());
    }

    /**
     * Has samples kept and read that are those of a generator that does not learn.
     *
     * @param samples of runs with the same batches, masks and generator
     */
    void keepSamples(SampleStore samples) {
        store = samples;
    }

    /**
     * Runs one step.
     *
     * @param step from 0
     * @param scores where to count the step's predictions, or null
     * @param measuresDynamics whether to measure what the step does to the weights, which changes none of them
     * @throws NonFiniteException if a loss or the gradient is not finite: before the parameters are touched, or, where
     *     each network has an optimizer, before those of the network whose gradient it is
     */
    StepOutcome run(long step, @Nullable PretrainingScores scores, boolean measuresDynamics) {
        try (PointerScope scope = new PointerScope()) {
            StepProbe probe = measuresDynamics ? new StepProbe(parameters, replicas.count()) : null;
            return run(step, scores, probe);
        }
    }

    private StepOutcome run(long step, @Nullable PretrainingScores scores, @Nullable StepProbe probe) {
        List<MaskedBatch> masked = Phase.DATA.of(() -> batches.of(step));
        boolean balances = config.objective().rtdBalance() > 0;
        Passes passes =
                new Passes(masked, Totals.of(masked), step, scores != null, optimizers.isApart() || balances, probe);
        Update update = optimizers.isApart() ? apart(passes) : balances ? balanced(passes) : together(passes);
        if (scores != null) {
            passes.predictions().forEach(scores::add);
        }
        Dynamics dynamics = probe == null
                ? null
                : probe.afterUpdate(optimizers.generatorDeviation(), optimizers.discriminatorDeviation());
        return new StepOutcome(
                passes.loss(),
                passes.losses(),
                update.norm(),
                update.learningRate(),
                passes.totals().tokens(),
                dynamics);
    }

    /**
     * What was done to the weights.
     *
     * @param norm of the gradient, before clipping
     * @param learningRate that it was applied with
     */
    private record Update(double norm, double learningRate) {}

    /** One update of the sum of all losses. */
    private Update together(Passes passes) {
        gradients.ofBoth(passes);
        return update(passes, optimizers.ofBoth(), all());
    }

    private StagesConfig.Span all() {
        return new StagesConfig.Span(0, config.training().steps());
    }

    /** The generator's update, and then the discriminator's on what the generator had written before it. */
    private Update apart(Passes passes) {
        StagesConfig stages = config.objective().stages();
        long steps = config.training().steps();
        StagesConfig.Span ofGenerator = stages.generator(steps);
        StagesConfig.Span ofDiscriminator = stages.discriminator(steps);
        boolean learns = ofGenerator.has(passes.step());
        int[] kept = store == null || learns ? null : store.read(passes.step());
        if (kept != null) {
            gradients.ofDiscriminator(passes, ofBatches(kept, passes.batches()));
            return update(passes, optimizers.ofDiscriminator(), ofDiscriminator);
        }
        gradients.ofGenerator(passes);
        if (store != null && !learns) {
            store.write(
                    passes.step(),
                    passes.samples().stream().flatMapToInt(Arrays::stream).toArray());
        }
        Update update = new Update(0, 0);
        if (learns) {
            update = update(passes, optimizers.ofGenerator(), ofGenerator);
        }
        if (!ofDiscriminator.has(passes.step())) {
            return update;
        }
        gradients.ofDiscriminator(passes, passes.samples());
        return update(passes, optimizers.ofDiscriminator(), ofDiscriminator);
    }

    /** Cuts a step's samples as its batch is cut. */
    private static List<int[]> ofBatches(int[] samples, List<MaskedBatch> batches) {
        List<int[]> cut = new ArrayList<>();
        int from = 0;
        for (MaskedBatch batch : batches) {
            int to = from + batch.masked().count();
            cut.add(Arrays.copyOfRange(samples, from, to));
            from = to;
        }
        if (from != samples.length) {
            throw new IllegalStateException(samples.length + " samples of a step with " + from + " masked positions");
        }
        return cut;
    }

    /**
     * One update of the sum of all losses, of which the discriminator's weigh so much that their gradient on what the
     * networks share is so many times as long as the generator's.
     */
    private Update balanced(Passes passes) {
        gradients.ofGenerator(passes);
        Tensor ofGenerator;
        try (NoGradGuard noGrad = new NoGradGuard()) {
            ofGenerator = parameters.gradients().clone();
        }
        gradients.ofDiscriminator(passes, passes.samples());
        try (NoGradGuard noGrad = new NoGradGuard()) {
            Tensor ofDiscriminator = parameters.gradients();
            double ratio = sharedNorm(ofGenerator) / Math.max(sharedNorm(ofDiscriminator), Float.MIN_NORMAL);
            double weight = config.objective().rtdBalance() * ratio;
            ofDiscriminator.mul_(new Scalar(weight)).add_(ofGenerator);
            passes.weighDiscriminator(weight);
            if (passes.probe() != null) {
                passes.probe().weighDiscriminator(weight);
            }
        }
        return update(passes, optimizers.ofBoth(), all());
    }

    private double sharedNorm(Tensor gradient) {
        double squares = 0;
        for (Parameter.Part part : parameters.partsIn(gradient).values()) {
            if (part.name().startsWith(Electra.SHARED)) {
                double norm = part.tensor().norm().item_double();
                squares += norm * norm;
            }
        }
        return Math.sqrt(squares);
    }

    /**
     * Checks the gradient, and has an optimizer apply it.
     *
     * @param learns the steps in which the optimizer's network learns: its schedule and its moments begin with them
     */
    private Update update(Passes passes, AdamW optimizer, StagesConfig.Span learns) {
        Schedule schedule = new Schedule(config.schedule(), Math.toIntExact(learns.to() - learns.from()));
        long step = passes.step() - learns.from();
        double learningRate = config.optimizer().learningRate() * schedule.factor(step);
        double norm;
        try (Engine.Scope scope = engine.scope()) {
            norm = Phase.GRADIENTS.of(optimizer::gradientNorm);
            requireFinite(passes, norm);
        }
        if (passes.probe() != null) {
            passes.probe().beforeUpdate();
        }
        try (Engine.Scope scope = engine.scope()) {
            Phase.OPTIMIZER.run(() -> optimizer.step(step, learningRate, norm));
        }
        return new Update(norm, learningRate);
    }

    private static void requireFinite(Passes passes, double norm) {
        if (!Double.isFinite(passes.loss()) || !Double.isFinite(norm)) {
            throw new NonFiniteException(String.format(
                    Locale.ROOT,
                    "step %d: the loss or its gradient is not finite (%s, gradient norm %s); "
                            + "nothing of the step is kept. In a new run, a lower optimizer.learning_rate or a longer "
                            + "schedule.warmup_steps usually helps",
                    passes.step(),
                    passes.losses().entrySet().stream()
                            .map(loss -> loss.getKey().name() + " loss " + loss.getValue())
                            .collect(Collectors.joining(", ")),
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
            double norm = optimizers.weightNorm();
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

    Optimizers optimizers() {
        return optimizers;
    }

    @Override
    public void close() {
        optimizers.close();
    }
}
