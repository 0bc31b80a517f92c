package dev.changeling.pretraining;

import dev.changeling.checkpoint.Checkpoint;
import dev.changeling.checkpoint.Progress;
import dev.changeling.checkpoint.RunFolder;
import dev.changeling.config.RunConfig;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.metrics.JsonLines;
import dev.changeling.metrics.Metrics;
import dev.changeling.metrics.MetricsSink;
import dev.changeling.metrics.Rates;
import dev.changeling.metrics.TensorBoardWriter;
import dev.changeling.training.StepOutcome;
import dev.changeling.training.TrainingListener;
import dev.changeling.training.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes what the training loop tells into the run's folder, and passes it on to whoever watches. */
final class RunRecorder implements TrainingListener, AutoCloseable {
    private final RunFolder folder;
    private final RunConfig config;
    private final RunObserver observer;
    private final Rates rates;
    private final List<MetricsSink> sinks = new ArrayList<>();
    private @Nullable PretrainingReport lastHeldOut;

    /** @param resumed the checkpoint that the run goes on from, or null */
    RunRecorder(RunFolder folder, RunConfig config, @Nullable Checkpoint resumed, RunObserver observer) {
        this.folder = folder;
        this.config = config;
        this.observer = observer;
        long step = resumed == null ? 0 : resumed.progress().step();
        this.rates = new Rates(
                step,
                config.training().steps(),
                resumed == null ? 0 : resumed.progress().tokens(),
                resumed == null ? 0 : resumed.progress().elapsedSeconds());
        sinks.add(JsonLines.open(folder.metrics(), step));
        if (config.metrics().tensorboard()) {
            sinks.add(TensorBoardWriter.open(folder.tensorboard(), step));
        }
    }

    @Override
    public void stepped(long step, long tokens, StepOutcome outcome, @Nullable PretrainingReport scores) {
        rates.stepDone(outcome.tokens());
        if (scores != null) {
            Metrics metrics = MetricNames.ofStep(step, outcome, scores, rates.snapshot());
            sinks.forEach(sink -> sink.write(metrics));
            observer.progress(metrics);
        }
    }

    @Override
    public void evaluated(long step, PretrainingReport heldOut) {
        lastHeldOut = heldOut;
        double loss = config.objective().mlmWeight() * heldOut.mlmLoss()
                + config.objective().rtdWeight() * heldOut.rtdLoss();
        Metrics metrics = MetricNames.ofHeldOut(step, heldOut, loss);
        sinks.forEach(sink -> sink.write(metrics));
        observer.message(String.format(
                Locale.ROOT,
                "held-out at step %,d: MLM loss %.3f, RTD loss %.4f (always \"original\": %.4f), AUC %.3f",
                step,
                heldOut.mlmLoss(),
                heldOut.rtdLoss(),
                heldOut.rtdMajorityLoss(),
                heldOut.rtdAuc()));
    }

    @Override
    public void checkpoint(TrainingState state, @Nullable Double heldOutLoss) {
        Progress progress = new Progress(
                state.step(), state.tokens(), rates.elapsedSeconds(), heldOutLoss, RunFolder.fingerprint(config));
        folder.checkpoints().save(progress, state.arrays());
        folder.checkpoints()
                .prune(config.checkpoint().keep(), config.checkpoint().keepBest());
    }

    /** Returns the last held-out scores of this process, or null if there were none. */
    @Nullable
    PretrainingReport lastHeldOut() {
        return lastHeldOut;
    }

    @Override
    public void close() {
        sinks.forEach(MetricsSink::close);
    }
}
