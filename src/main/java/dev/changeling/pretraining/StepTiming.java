package dev.changeling.pretraining;

import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.shard.Dataset;
import dev.changeling.tensor.Engine;
import dev.changeling.training.StepOutcome;
import dev.changeling.training.TrainingListener;
import dev.changeling.training.TrainingState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How long a training step takes on this machine: the way from a time budget to a number of steps. */
public final class StepTiming {
    /** Steps that the engine needs to warm up. */
    private static final int WARM_UP = 5;

    private StepTiming() {}

    /**
     * Trains networks that are thrown away, and returns the median seconds of a step.
     *
     * @param seconds how long to measure, after warming up
     */
    public static double secondsAStep(RunConfig config, Dataset dataset, double seconds) throws IOException {
        TrainingConfig training = config.training();
        Engine engine = Engine.start(training.device(), training.precision(), training.threads());
        Watch watch = new Watch(System::nanoTime);
        try (TrialRun trial = new TrialRun(engine, config, dataset, watch)) {
            trial.run(() -> watch.seconds() >= seconds);
        }
        return watch.medianSeconds();
    }

    /** Takes the time of the steps after warm-up; keeps nothing else. */
    private static final class Watch implements TrainingListener {
        private final LongSupplier nanoTime;
        private final List<Long> nanos = new ArrayList<>();
        private int steps;
        private long start;
        private long last;

        Watch(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        double seconds() {
            return (last - start) / 1e9;
        }

        // Of a busy machine's steps a few take many times as long as the others; a mean would promise too little.
        double medianSeconds() {
            return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElse(0L) / 1e9;
        }

        @Override
        public void stepped(long step, long tokens, StepOutcome outcome, @Nullable PretrainingReport scores) {
            long now = nanoTime.getAsLong();
            steps++;
            if (steps <= WARM_UP) {
                start = now;
            } else {
                nanos.add(now - last);
            }
            last = now;
        }

        @Override
        public void evaluated(long step, PretrainingReport heldOut) {}

        @Override
        public void checkpoint(TrainingState state, @Nullable Double heldOutLoss) {}
    }
}
