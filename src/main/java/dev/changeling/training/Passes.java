package dev.changeling.training;

import dev.changeling.dynamics.StepProbe;
import dev.changeling.evaluation.Predictions;
import dev.changeling.objective.JointStep;
import dev.changeling.objective.Loss;
import dev.changeling.objective.Losses;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.Totals;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The device batches of one step, and what their passes through the networks gave next to their gradients. */
final class Passes {
    private final List<MaskedBatch> batches;
    private final Totals totals;
    private final long step;
    private final boolean countsPredictions;
    private final boolean handsSamplesOn;
    private final @Nullable StepProbe probe;
    private final Map<Loss, Double> losses = new EnumMap<>(Loss.class);
    private double loss;
    private List<Pass> last = List.of();
    private List<@Nullable Predictions> predictions = List.of();

    /**
     * What one device batch gave.
     *
     * @param losses its shares of the step's
     * @param loss its share of their weighted sum
     * @param samples what was written over its masked positions, if it is handed on
     * @param predictions of the networks, if they are to be counted
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier between two threads, never compared
    record Pass(
            Map<Loss, Double> losses,
            double loss,
            int[] samples,
            @Nullable Predictions predictions) {}

    /**
     * Begins a step.
     *
     * @param step from 0
     * @param countsPredictions whether the networks' predictions are to be counted
     * @param handsSamplesOn whether the discriminator has a pass of its own on what the generator has written
     * @param probe what measures the step, or null
     */
    Passes(
            List<MaskedBatch> batches,
            Totals totals,
            long step,
            boolean countsPredictions,
            boolean handsSamplesOn,
            @Nullable StepProbe probe) {
        this.batches = batches;
        this.totals = totals;
        this.step = step;
        this.countsPredictions = countsPredictions;
        this.handsSamplesOn = handsSamplesOn;
        this.probe = probe;
    }

    /** Reads what a pass gave; safe for use by several threads. */
    Pass read(JointStep joint, MaskedBatch batch) {
        Map<Loss, Double> values = new EnumMap<>(Loss.class);
        double sum = 0;
        for (Losses.Term term : joint.losses().terms()) {
            double value = term.value().item_double();
            values.put(term.loss(), value);
            sum += term.weight() == 0 ? 0 : term.weight() * value;
        }
        return new Pass(
                values,
                sum,
                handsSamplesOn ? HostCopy.toInts(joint.samples_M()) : new int[0],
                countsPredictions ? Predictions.of(joint, batch, totals) : null);
    }

    /** Adds a pass of every device batch. */
    void add(List<Pass> passes) {
        for (Pass pass : passes) {
            pass.losses().forEach((which, value) -> losses.merge(which, value, Double::sum));
            loss += pass.loss();
        }
        if (countsPredictions) {
            List<@Nullable Predictions> all = new ArrayList<>();
            for (int i = 0; i < passes.size(); i++) {
                Predictions before = predictions.isEmpty() ? null : predictions.get(i);
                Predictions now = passes.get(i).predictions();
                all.add(before == null || now == null ? now : before.and(now));
            }
            predictions = all;
        }
        last = passes;
    }

    /** Multiplies the weights of the discriminator's losses. */
    void weighDiscriminator(double factor) {
        double ofDiscriminator = last.stream().mapToDouble(Pass::loss).sum();
        loss += (factor - 1) * ofDiscriminator;
        List<@Nullable Predictions> weighed = new ArrayList<>();
        for (Predictions of : predictions) {
            weighed.add(of == null ? null : of.weighingDiscriminator(factor));
        }
        predictions = weighed;
    }

    List<MaskedBatch> batches() {
        return batches;
    }

    Totals totals() {
        return totals;
    }

    long step() {
        return step;
    }

    @Nullable
    StepProbe probe() {
        return probe;
    }

    /** Returns the step's losses so far. */
    Map<Loss, Double> losses() {
        return losses;
    }

    /** Returns their weighted sum so far. */
    double loss() {
        return loss;
    }

    /** Returns what was written over the masked positions in the last pass of each device batch. */
    List<int[]> samples() {
        return last.stream().map(Pass::samples).toList();
    }

    /** Returns the predictions of all passes, if they are counted. */
    List<Predictions> predictions() {
        List<Predictions> all = new ArrayList<>();
        for (Predictions of : predictions) {
            if (of != null) {
                all.add(of);
            }
        }
        return all;
    }
}
