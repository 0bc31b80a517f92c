package dev.changeling.config;

/**
 * The learning rate over the run.
 *
 * @param shape what happens after warm-up
 * @param warmupSteps steps in which the rate rises linearly from 0
 * @param decayFraction {@link Shape#WARMUP_STABLE_DECAY} only: the part of the run, at its end, in which the rate falls
 * @param finalFraction the rate at the end, as a part of the highest
 */
public record ScheduleConfig(
        Shape shape,
        @Range(min = 0) int warmupSteps,
        @Range(min = 0, max = 1) double decayFraction,
        @Range(min = 0, max = 1) double finalFraction) {

    /** How the learning rate falls. */
    public enum Shape {
        /** In a straight line from the first step to the last, times the warm-up, as google's code has it. */
        LINEAR,
        /** Along half a cosine after warm-up. */
        COSINE,
        /** Not at all until the last part of the run, then in a straight line. */
        WARMUP_STABLE_DECAY
    }
}
