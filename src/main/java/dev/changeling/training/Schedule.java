package dev.changeling.training;

import dev.changeling.config.ScheduleConfig;

/**
 * The learning rate at each step, as a part of the highest.
 *
 * @param config the shape
 * @param steps steps in the run
 */
public record Schedule(ScheduleConfig config, int steps) {

    /**
     * Returns the factor for a step, counted from 0. The first step of a warm-up has factor 0, as in google's code
     * (model/optimization.py:36-45), where warm-up multiplies the linear decay.
     */
    public double factor(long step) {
        double warmup = config.warmupSteps() == 0 ? 1 : Math.min(1, step / (double) config.warmupSteps());
        return switch (config.shape()) {
            case LINEAR -> warmup * falling(1 - step / (double) steps);
            case COSINE -> {
                double done = (step - config.warmupSteps()) / Math.max(1.0, (double) steps - config.warmupSteps());
                yield warmup * falling(0.5 * (1 + Math.cos(Math.PI * Math.max(0, done))));
            }
            case WARMUP_STABLE_DECAY -> {
                double decaySteps = Math.max(1, config.decayFraction() * steps);
                yield warmup * falling(Math.min(1, (steps - step) / decaySteps));
            }
        };
    }

    private double falling(double part) {
        return config.finalFraction() + (1 - config.finalFraction()) * part;
    }
}
