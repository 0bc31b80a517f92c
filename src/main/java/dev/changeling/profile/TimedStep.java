package dev.changeling.profile;

import java.util.ArrayList;
import java.util.List;

/**
 * One training step in a recording. All times are in nanoseconds.
 *
 * @param step its number, from 0
 * @param tokens real tokens that it saw
 * @param nanos how long it took
 * @param phases its phases, in the order in which they began
 */
public record TimedStep(long step, long tokens, long nanos, List<TimedPhase> phases) {
    public TimedStep {
        phases = List.copyOf(phases);
    }

    /**
     * One phase of a step.
     *
     * @param phase which
     * @param thread the thread that it ran on, as a number
     * @param start when it began, by the recording's clock
     * @param nanos how long it took
     */
    public record TimedPhase(Phase phase, long thread, long start, long nanos) {
        long end() {
            return start + nanos;
        }
    }

    /** Returns how many threads worked on device batches. */
    public int replicas() {
        return Math.max(1, (int) of(Phase.DEVICE_BATCH).stream()
                .mapToLong(TimedPhase::thread)
                .distinct()
                .count());
    }

    /** Returns the time of a phase, added up over all threads. */
    public long nanos(Phase phase) {
        return of(phase).stream().mapToLong(TimedPhase::nanos).sum();
    }

    /** Returns the time from the first device batch's begin to the last one's end. */
    public long deviceBatchesNanos() {
        List<TimedPhase> batches = of(Phase.DEVICE_BATCH);
        long begin = batches.stream().mapToLong(TimedPhase::start).min().orElse(0);
        long end = batches.stream().mapToLong(TimedPhase::end).max().orElse(0);
        return end - begin;
    }

    private List<TimedPhase> of(Phase phase) {
        List<TimedPhase> found = new ArrayList<>();
        for (TimedPhase timed : phases) {
            if (timed.phase() == phase) {
                found.add(timed);
            }
        }
        return found;
    }
}
