package dev.changeling.report;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The steps of a run cut into equal windows, whose means are steadier than the numbers of single batches.
 *
 * @param lastStep of the run
 * @param number how many windows there are; 0 if too few numbers were written
 */
record Windows(RunHistory run, long lastStep, int number) {
    private static final int MOST = 10;
    private static final int LEAST = 3;
    private static final int VALUES_IN_EACH = 3;

    static Windows of(RunHistory run) {
        long values = run.series("mlm_loss")
                .or(() -> run.series("loss"))
                .map(Series::count)
                .orElse(0L);
        int number = (int) Math.min(MOST, values / VALUES_IN_EACH);
        return new Windows(run, run.lastStep(), number < LEAST ? 0 : number);
    }

    /** Returns the step that a window begins after; of window {@link #number}, the run's last. */
    long start(int window) {
        return lastStep * window / number;
    }

    /** Returns the first window that begins after the warm-up; {@link #number} if there is none. */
    int firstAfterWarmup() {
        int window = 0;
        while (window < number && start(window) < run.warmupSteps()) {
            window++;
        }
        return window;
    }

    /** Returns the mean of a number in a window; NaN if it was not written there. */
    double mean(String name, int window) {
        return run.series(name)
                .map(series -> series.mean(start(window), start(window + 1)))
                .orElse(OptionalDouble.empty())
                .orElse(Double.NaN);
    }

    /** Returns the mean of a number in the last window; NaN if it was not written there. */
    double recent(String name) {
        return mean(name, number - 1);
    }

    /** Returns the window in which the mean is the least; empty if the number was not written. */
    Optional<Integer> least(String name) {
        return extreme(name, 0, -1);
    }

    /** Returns the window, from one on, in which the mean is the greatest; empty if the number was not written. */
    Optional<Integer> greatest(String name, int from) {
        return extreme(name, from, 1);
    }

    private Optional<Integer> extreme(String name, int from, int sign) {
        Optional<Integer> best = Optional.empty();
        for (int window = from; window < number; window++) {
            double mean = mean(name, window);
            if (!Double.isNaN(mean) && (best.isEmpty() || sign * mean > sign * mean(name, best.get()))) {
                best = Optional.of(window);
            }
        }
        return best;
    }

    /** Returns the steps of the last window, as people write them. */
    String recentSteps() {
        return Amount.steps(start(number - 1)) + "–" + Amount.steps(lastStep);
    }
}
