package dev.changeling.pretraining;

import dev.changeling.checkpoint.Checkpoint;
import dev.changeling.checkpoint.Progress;
import dev.changeling.checkpoint.RunFolder;
import dev.changeling.config.RunConfig;
import dev.changeling.dynamics.Dynamics;
import dev.changeling.evaluation.CorruptedSequence;
import dev.changeling.evaluation.HeldOutLine;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.metrics.JsonLines;
import dev.changeling.metrics.Metrics;
import dev.changeling.metrics.MetricsSink;
import dev.changeling.metrics.Rates;
import dev.changeling.metrics.SampleLines;
import dev.changeling.metrics.SampledSequence;
import dev.changeling.metrics.TensorBoardWriter;
import dev.changeling.tokenizer.Vocabulary;
import dev.changeling.training.StepOutcome;
import dev.changeling.training.TrainingListener;
import dev.changeling.training.TrainingState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes what the training loop tells into the run's folder, and passes it on to whoever watches. */
final class RunRecorder implements TrainingListener, AutoCloseable {
    private final RunFolder folder;
    private final RunConfig config;
    private final Vocabulary vocabulary;
    private final double heldOutUnigramCrossEntropy;
    private final RunObserver observer;
    private final Rates rates;
    private final List<MetricsSink> sinks = new ArrayList<>();
    private final SampleLines samples;
    private @Nullable PretrainingReport lastHeldOut;

    /**
     * @param heldOutUnigramCrossEntropy see {@link dev.changeling.shard.Dataset#heldOutUnigramCrossEntropy}
     * @param resumed the checkpoint that the run goes on from, or null
     */
    RunRecorder(
            RunFolder folder,
            RunConfig config,
            Vocabulary vocabulary,
            double heldOutUnigramCrossEntropy,
            @Nullable Checkpoint resumed,
            RunObserver observer) {
        this.folder = folder;
        this.config = config;
        this.vocabulary = vocabulary;
        this.heldOutUnigramCrossEntropy = heldOutUnigramCrossEntropy;
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
        // Without a checkpoint, step 0 comes again.
        samples = SampleLines.open(folder.samples(), resumed == null ? -1 : step);
    }

    @Override
    public void stepped(long step, long tokens, StepOutcome outcome, @Nullable PretrainingReport scores) {
        rates.stepDone(outcome.tokens());
        if (scores != null) {
            Metrics metrics = MetricNames.ofStep(step, outcome, scores, rates.snapshot(), config.objective());
            sinks.forEach(sink -> sink.write(metrics));
            observer.progress(metrics);
        }
        Dynamics dynamics = outcome.dynamics();
        if (dynamics != null) {
            Metrics metrics = MetricNames.ofDynamics(step, dynamics, config.objective());
            sinks.forEach(sink -> sink.write(metrics));
        }
    }

    @Override
    public void shown(long step, List<CorruptedSequence> sequences) {
        samples.write(
                step,
                sequences.stream()
                        .map(sequence -> new SampledSequence(
                                Arrays.stream(sequence.tokens())
                                        .mapToObj(vocabulary::token)
                                        .toList(),
                                Arrays.stream(sequence.originals())
                                        .mapToObj(token -> token == CorruptedSequence.NOT_MASKED
                                                ? Optional.<String>empty()
                                                : Optional.of(vocabulary.token(token)))
                                        .toList(),
                                sequence.probabilities()))
                        .toList());
    }

    @Override
    public void evaluated(long step, PretrainingReport heldOut) {
        lastHeldOut = heldOut;
        Metrics metrics = MetricNames.ofHeldOut(step, heldOut, heldOutUnigramCrossEntropy, config.objective());
        sinks.forEach(sink -> sink.write(metrics));
        observer.message(String.format(Locale.ROOT, "held-out at step %,d: %s", step, HeldOutLine.of(heldOut)));
    }

    @Override
    public void diverged(long step) {
        Metrics metrics = Metrics.at(step + 1).put("loss", Double.NaN).build();
        sinks.forEach(sink -> sink.write(metrics));
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
        samples.close();
    }
}
