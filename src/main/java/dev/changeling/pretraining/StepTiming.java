package dev.changeling.pretraining;

import dev.changeling.batch.ShardBatches;
import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.shard.Dataset;
import dev.changeling.tensor.Engine;
import dev.changeling.training.StepOutcome;
import dev.changeling.training.Trainer;
import dev.changeling.training.TrainingListener;
import dev.changeling.training.TrainingState;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How long a training step takes on this machine: the way from a time budget to a number of steps. */
public final class StepTiming {
    /** Steps that the engine needs to warm up. */
    private static final int WARM_UP = 5;

    private StepTiming() {}

    /**
     * Trains networks that are thrown away, and returns the mean seconds of a step.
     *
     * @param seconds how long to measure, after warming up
     */
    public static double secondsAStep(RunConfig config, Dataset dataset, double seconds) throws IOException {
        TrainingConfig training = config.training();
        Engine engine = Engine.start(training.device(), training.precision(), training.threads());
        Watch watch = new Watch(System::nanoTime);
        try (Electra model = new Electra(engine, config.model(), dataset.vocabularySize());
                Trainer trainer = new Trainer(
                        model,
                        config,
                        dataset.special(),
                        dataset.vocabularySize(),
                        new ShardBatches(dataset, training.seed(), training.batchSize(), training.deviceBatchSize()),
                        List.of(),
                        watch)) {
            Initialization.apply(model, config.model(), training.seed());
            trainer.run(() -> watch.seconds() >= seconds);
        }
        return watch.seconds() / Math.max(1, watch.steps);
    }

    /** Counts the steps after warm-up and their time; keeps nothing. */
    private static final class Watch implements TrainingListener {
        private final LongSupplier nanoTime;
        private long start;
        private long last;
        private int steps = -WARM_UP;

        Watch(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        double seconds() {
            return (last - start) / 1e9;
        }

        @Override
        public void stepped(long step, long tokens, StepOutcome outcome, @Nullable PretrainingReport scores) {
            last = nanoTime.getAsLong();
            steps++;
            if (steps <= 0) {
                start = last;
            }
        }

        @Override
        public void evaluated(long step, PretrainingReport heldOut) {}

        @Override
        public void checkpoint(TrainingState state, @Nullable Double heldOutLoss) {}
    }
}
