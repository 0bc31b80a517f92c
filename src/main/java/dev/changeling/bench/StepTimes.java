package dev.changeling.bench;

import dev.changeling.evaluation.Spread;
import dev.changeling.profile.Phase;
import dev.changeling.profile.TimedStep;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of steps went. What device batches spend side by side counts as the mean of the threads, so that the
 * parts add up to the step.
 *
 * @param steps the steps
 * @param millis of each part, the mean of the steps
 */
public record StepTimes(List<TimedStep> steps, Map<Part, Double> millis) {

    /** A part of a step. */
    public enum Part {
        DATA("waiting for data", Phase.DATA, false),
        GENERATOR("generator", Phase.GENERATOR, true),
        PREDICTION("its predictions and samples", Phase.PREDICTION, true),
        DISCRIMINATOR("discriminator", Phase.DISCRIMINATOR, true),
        BACKWARD("backward pass", Phase.BACKWARD, true),
        GRADIENTS("adding up gradients", Phase.GRADIENTS, false),
        OPTIMIZER("optimizer", Phase.OPTIMIZER, false),
        /** A replica has no more device batches while another has: what the slowest takes longer than the mean. */
        IDLE("threads that wait", null, false),
        /** Copies in, losses out, native memory given back. */
        OTHER("other", null, false);

        private final String label;
        private final @Nullable Phase phase;
        private final boolean sideBySide;

        Part(String label, @Nullable Phase phase, boolean sideBySide) {
            this.label = label;
            this.phase = phase;
            this.sideBySide = sideBySide;
        }

        /** Returns its name for people. */
        public String label() {
            return label;
        }
    }

    public StepTimes {
        steps = List.copyOf(steps);
        millis = Map.copyOf(millis);
    }

    /**
     * Adds up.
     *
     * @param steps at least one
     */
    public static StepTimes of(List<TimedStep> steps) {
        Map<Part, Double> millis = new EnumMap<>(Part.class);
        for (TimedStep step : steps) {
            double left = step.nanos();
            for (Part part : Part.values()) {
                double nanos = part == Part.OTHER ? left : nanos(step, part);
                left -= nanos;
                millis.merge(part, nanos / 1e6 / steps.size(), Double::sum);
            }
        }
        return new StepTimes(steps, millis);
    }

    private static double nanos(TimedStep step, Part part) {
        double replicas = step.replicas();
        if (part.phase == null) {
            return step.deviceBatchesNanos() - step.nanos(Phase.DEVICE_BATCH) / replicas;
        }
        return step.nanos(part.phase) / (part.sideBySide ? replicas : 1);
    }

    /** Returns real tokens a second, a step each. */
    public Spread tokensPerSecond() {
        return Spread.of(steps.stream().mapToDouble(step -> step.tokens() * 1e9 / step.nanos()));
    }

    /** Returns the milliseconds of a step. */
    public Spread millisAStep() {
        return Spread.of(steps.stream().mapToDouble(step -> step.nanos() / 1e6));
    }

    /** Returns the mean time of a step in milliseconds. */
    public double stepMillis() {
        return steps.stream().mapToLong(TimedStep::nanos).average().orElse(0) / 1e6;
    }

    /** Returns a part's share of the time, from 0 to 1. */
    public double share(Part part) {
        return millis(part) / stepMillis();
    }

    /** Returns a part's mean time in milliseconds. */
    public double millis(Part part) {
        return millis.getOrDefault(part, 0.0);
    }
}
