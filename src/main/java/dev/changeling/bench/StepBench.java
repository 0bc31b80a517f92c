package dev.changeling.bench;

import dev.changeling.batch.ShardBatches;
import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.error.UsageException;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.metrics.ResidentMemory;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.pretraining.TrialRun;
import dev.changeling.profile.TimedStep;
import dev.changeling.profile.TrainingRecording;
import dev.changeling.shard.Dataset;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.Product;
import dev.changeling.tensor.ProductRate;
import dev.changeling.training.StepOutcome;
import dev.changeling.training.TrainingListener;
import dev.changeling.training.TrainingState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Runs real training steps, of networks that are thrown away, and tells where their time goes. */
public final class StepBench {
    private final RunConfig config;
    private final Dataset dataset;
    private final int warmup;
    private final int steps;
    private final Duration multiplying;

    /**
     * @param warmup steps before the ones that count
     * @param steps that count
     * @param multiplying how long to measure the machine's multiplications, before and after the steps
     * @throws UsageException if the run has fewer steps than that
     */
    public StepBench(RunConfig config, Dataset dataset, int warmup, int steps, Duration multiplying) {
        long wanted = (long) warmup + steps;
        if (config.training().steps() < wanted) {
            throw new UsageException("training.steps is " + config.training().steps() + ", expected at least " + wanted
                    + ", the steps of the warm-up included");
        }
        this.config = config;
        this.dataset = dataset;
        this.warmup = warmup;
        this.steps = steps;
        this.multiplying = multiplying;
    }

    /**
     * Measures.
     *
     * @param progress hears how many steps are done, those of the warm-up included
     */
    public StepReport run(LongConsumer progress) throws IOException {
        TrainingConfig training = config.training();
        Engine engine = Engine.start(training.device(), training.precision(), training.threads());
        int replicas = Replicas.count(engine, training.batchSize() / training.deviceBatchSize());
        ProductRate rate = new ProductRate(engine, replicas, multiplying);

        double before = rate.gigaflops(ProductRate.REFERENCE, Product.Direction.FORWARD);
        Meter meter = new Meter(progress);
        List<TimedStep> timed;
        long parameters;
        try (TrainingRecording recording = TrainingRecording.start();
                TrialRun trial = new TrialRun(engine, config, dataset, meter)) {
            trial.run(() -> meter.done == warmup + steps);
            timed = recording.stop();
            parameters = trial.parameters();
        }
        Long peak = ResidentMemory.peakBytes().stream().boxed().findFirst().orElse(null);
        double after = rate.gigaflops(ProductRate.REFERENCE, Product.Direction.FORWARD);

        if (timed.size() != warmup + steps) {
            throw new IllegalStateException(
                    "the recording has " + timed.size() + " steps of " + (warmup + steps) + "; expected all");
        }
        return new StepReport(
                new StepReport.Setting(
                        engine.device(), engine.threads(), replicas, parameters, dataset.vocabularySize(), warmup),
                StepTimes.of(timed.subList(warmup, timed.size())),
                work(),
                new StepReport.MultiplyRates(before, after),
                meter.use(peak));
    }

    /** Counts the work of the steps that were timed: their rows and masks are functions of the step's number. */
    private List<StepReport.Work> work() {
        TrainingConfig training = config.training();
        ShardBatches rows =
                new ShardBatches(dataset, training.seed(), training.batchSize(), training.deviceBatchSize());
        JointObjective objective = new JointObjective(config.objective(), dataset.tokenTable(), training.steps());
        List<StepReport.Work> work = new ArrayList<>();
        for (long step = warmup; step < warmup + steps; step++) {
            List<MaskedBatch> batches = new ArrayList<>();
            for (int i = 0; i < rows.microBatches(); i++) {
                long firstRow = (long) i * training.deviceBatchSize();
                batches.add(objective.mask(rows.batch(step, i), training.seed(), step, firstRow));
            }
            BatchWork counted = BatchWork.of(batches);
            work.add(new StepReport.Work(counted, UsefulFlops.of(config.model(), dataset.vocabularySize(), counted)));
        }
        return work;
    }

    /** Counts steps, and what the process used in those after the warm-up. */
    private final class Meter implements TrainingListener {
        private final LongConsumer progress;
        private int done;
        private ProcessUse atFirst = ProcessUse.now();
        private ProcessUse atLast = atFirst;

        Meter(LongConsumer progress) {
            this.progress = progress;
        }

        StepReport.Use use(@Nullable Long peakResidentBytes) {
            return new StepReport.Use(
                    (atLast.cpuNanos() - atFirst.cpuNanos()) / 1e6 / steps,
                    (atLast.heapBytes() - atFirst.heapBytes()) / (double) steps,
                    peakResidentBytes);
        }

        @Override
        public void stepped(long step, long tokens, StepOutcome outcome, @Nullable PretrainingReport scores) {
            done++;
            if (done == warmup) {
                atFirst = ProcessUse.now();
            }
            if (done == warmup + steps) {
                atLast = ProcessUse.now();
            }
            progress.accept(done);
        }

        @Override
        public void evaluated(long step, PretrainingReport heldOut) {}

        @Override
        public void checkpoint(TrainingState state, @Nullable Double heldOutLoss) {}
    }
}
