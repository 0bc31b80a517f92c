package dev.changeling.training;

import dev.changeling.batch.Batch;
import dev.changeling.batch.BatchSource;
import dev.changeling.config.RunConfig;
import dev.changeling.error.InputException;
import dev.changeling.evaluation.Evaluator;
import dev.changeling.evaluation.FrequencyBands;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.evaluation.PretrainingScores;
import dev.changeling.model.Electra;
import dev.changeling.model.Parameter;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.profile.Phase;
import dev.changeling.profile.StepEvent;
import dev.changeling.tokenizer.TokenTable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * The training loop: steps, and what is due between them. Knows no files; a {@link TrainingListener} does. Not safe for
 * use by several threads.
 */
public final class Trainer implements AutoCloseable {
    /** The most tokens of a sequence that are shown: what a person reads at a glance. */
    private static final int SHOWN_TOKENS = 64;

    private final Electra model;
    private final RunConfig config;
    private final Iterable<Batch> heldOut;
    private final @Nullable Batch shown;
    private final TrainingListener listener;
    private final Replicas<Electra> replicas;
    private final TrainStep trainStep;
    private final Evaluator evaluator;
    private final FrequencyBands bands;
    private long step;
    private long tokens;

    /**
     * Prepares a run from step 0.
     *
     * @param model with its starting weights
     * @param table what there is to know of the vocabulary
     * @param train the rows of each step
     * @param heldOut the rows to score, or none
     * @param shown the rows to show corrupted through time, or null
     */
    public Trainer(
            Electra model,
            RunConfig config,
            TokenTable table,
            BatchSource train,
            Iterable<Batch> heldOut,
            @Nullable Batch shown,
            TrainingListener listener) {
        this.model = model;
        this.config = config;
        this.heldOut = heldOut;
        this.shown = shown;
        this.listener = listener;
        this.bands = FrequencyBands.of(table.counts(), table.special());
        JointObjective objective =
                new JointObjective(config.objective(), table, config.training().steps());
        this.replicas = Replicas.of(model, train.microBatches());
        this.trainStep = trainStep(
                MaskedBatches.drawn(train, objective, config.training().seed()), objective);
        this.evaluator =
                new Evaluator(replicas, objective, bands, config.training().seed());
    }

    /**
     * Has samples kept and read that are those of a generator that never learns.
     *
     * @param samples of runs with the same batches, masks and generator
     */
    public void keepSamples(SampleStore samples) {
        trainStep.keepSamples(samples);
    }

    // Native memory that was taken before the optimizer finds none must not stay.
    private TrainStep trainStep(MaskedBatches train, JointObjective objective) {
        boolean made = false;
        try {
            TrainStep step = new TrainStep(model, replicas, config, train, objective);
            made = true;
            return step;
        } finally {
            if (!made) {
                replicas.close();
            }
        }
    }

    /**
     * Trains to the last step, or until asked to stop; the state is kept in both cases.
     *
     * @param stopRequested asked after every step
     * @return whether the last step was reached
     * @throws NonFiniteException if a loss or gradient is not finite, or the weights that are due to be kept are not;
     *     nothing is kept of that step
     */
    public boolean run(BooleanSupplier stopRequested) throws IOException {
        int steps = config.training().steps();
        boolean stop = false;
        if (step == 0) {
            show();
        }
        while (step < steps && !stop) {
            boolean last = step + 1 == steps;
            PretrainingScores scores = last || due(config.metrics().every()) ? new PretrainingScores(bands) : null;
            if (config.objective().stages().handsOverAt(step, steps)) {
                HandOver.of(model);
            }
            StepEvent event = StepEvent.begin(step);
            StepOutcome outcome = train(scores);
            event.finish(outcome.tokens());
            step++;
            tokens += outcome.tokens();
            listener.stepped(step, tokens, outcome, scores == null ? null : scores.report());

            stop = stopRequested.getAsBoolean();
            boolean keeps = last || stop || reached(config.checkpoint().every());
            if (keeps) {
                requireFiniteWeights();
            }
            boolean evaluates = last || reached(config.evaluation().every());
            Double heldOutLoss = evaluates ? evaluate() : null;
            if (evaluates || isEarly(step)) {
                show();
            }
            if (keeps) {
                try (PointerScope scope = new PointerScope()) {
                    Phase.CHECKPOINT.run(() -> listener.checkpoint(state(), heldOutLoss));
                }
            }
        }
        return step == steps;
    }

    private void requireFiniteWeights() throws IOException {
        try {
            trainStep.requireFiniteWeights(step - 1);
        } catch (NonFiniteException e) {
            listener.diverged(step);
            throw e;
        }
    }

    private StepOutcome train(@Nullable PretrainingScores scores) throws IOException {
        try {
            return trainStep.run(step, scores, due(config.metrics().dynamicsEvery()));
        } catch (NonFiniteException e) {
            listener.diverged(step);
            throw e;
        }
    }

    // Whether the step that comes next ends an interval.
    private boolean due(int every) {
        return every > 0 && (step + 1) % every == 0;
    }

    // Whether the steps done end an interval.
    private boolean reached(int every) {
        return every > 0 && step % every == 0;
    }

    // Much happens in the first steps: 1, 2, 5, 10, 20, 50 and so on.
    private static boolean isEarly(long step) {
        long first = step;
        while (first >= 10 && first % 10 == 0) {
            first /= 10;
        }
        return first == 1 || first == 2 || first == 5;
    }

    private void show() throws IOException {
        Batch rows = shown;
        if (rows != null) {
            listener.shown(step, Phase.EVALUATION.of(() -> evaluator.corrupt(rows, SHOWN_TOKENS)));
        }
    }

    private @Nullable Double evaluate() throws IOException {
        if (!heldOut.iterator().hasNext()) {
            return null;
        }
        PretrainingReport report = Phase.EVALUATION.of(() -> evaluator.evaluate(heldOut));
        listener.evaluated(step, report);
        return report.loss();
    }

    /** Returns all that is needed to go on from here, valid until the next step or the end of the enclosing scope. */
    private TrainingState state() {
        return new TrainingState(step, tokens, SavedTensors.viewOf(tensors()));
    }

    /**
     * Goes on from a state.
     *
     * @throws InputException if its arrays are not those of this model; nothing is changed then
     */
    public void restore(TrainingState state) {
        try (PointerScope scope = new PointerScope()) {
            SavedTensors.copyInto(tensors(), state.arrays());
        }
        step = state.step();
        tokens = state.tokens();
    }

    private Map<String, Parameter.Part> tensors() {
        Map<String, Parameter.Part> tensors = new HashMap<>(model.parameters().parts());
        tensors.putAll(trainStep.optimizers().tensors());
        return tensors;
    }

    @Override
    public void close() {
        trainStep.close();
        replicas.close();
    }
}
