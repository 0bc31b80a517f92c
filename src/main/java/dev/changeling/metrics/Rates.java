package dev.changeling.metrics;

import java.util.function.LongSupplier;

/**
 * How fast a run is, how long it has taken, and how long it will take. After a resume the time goes on from the
 * checkpoint's, while the speed is that of this process alone.
 */
public final class Rates {
    private final long lastStep;
    private final double secondsBefore;
    private final LongSupplier nanoTime;
    private final long start;

    private long step;
    private long tokens;
    private long windowStart;
    private long windowTokens;
    private long timedFrom;
    private long timedSteps = -1;

    /**
     * @param step steps done so far: 0, or the checkpoint's
     * @param lastStep steps of the whole run
     * @param tokens real tokens seen so far
     * @param elapsedSeconds training time so far
     */
    public Rates(long step, long lastStep, long tokens, double elapsedSeconds) {
        this(step, lastStep, tokens, elapsedSeconds, System::nanoTime);
    }

    Rates(long step, long lastStep, long tokens, double elapsedSeconds, LongSupplier nanoTime) {
        this.step = step;
        this.lastStep = lastStep;
        this.tokens = tokens;
        this.secondsBefore = elapsedSeconds;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.windowStart = start;
        this.timedFrom = start;
    }

    /**
     * The rates at one moment.
     *
     * @param tokens real tokens seen in the whole run
     * @param elapsedSeconds training time of the whole run, without the time in which no process ran
     * @param tokensPerSecond real tokens a second of wall time since the snapshot before
     * @param etaSeconds time left at the mean speed of this process; NaN before the second step
     */
    public record Snapshot(long tokens, double elapsedSeconds, double tokensPerSecond, double etaSeconds) {}

    /** Counts a step. */
    public void stepDone(long realTokens) {
        step++;
        tokens += realTokens;
        windowTokens += realTokens;
        if (timedSteps++ < 0) {
            // The first step also warms up the machine and would spoil the estimate.
            timedFrom = nanoTime.getAsLong();
        }
    }

    /** Returns real tokens seen in the whole run. */
    public long tokens() {
        return tokens;
    }

    /** Returns the training time of the whole run. */
    public double elapsedSeconds() {
        return secondsBefore + seconds(start, nanoTime.getAsLong());
    }

    /** Returns the rates of now, and begins to measure the next {@code tokensPerSecond}. */
    public Snapshot snapshot() {
        long now = nanoTime.getAsLong();
        double windowSeconds = seconds(windowStart, now);
        double tokensPerSecond = windowSeconds > 0 ? windowTokens / windowSeconds : 0;
        windowStart = now;
        windowTokens = 0;
        long left = Math.max(0, lastStep - step);
        double eta = left == 0 ? 0 : timedSteps > 0 ? left * seconds(timedFrom, now) / timedSteps : Double.NaN;
        return new Snapshot(tokens, secondsBefore + seconds(start, now), tokensPerSecond, eta);
    }

    private static double seconds(long from, long to) {
        return (to - from) * 1e-9;
    }
}
