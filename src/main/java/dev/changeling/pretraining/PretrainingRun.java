package dev.changeling.pretraining;

import dev.changeling.batch.Batch;
import dev.changeling.batch.HeldOutBatches;
import dev.changeling.batch.ShardBatches;
import dev.changeling.checkpoint.Checkpoint;
import dev.changeling.checkpoint.RunFolder;
import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.disk.Disk;
import dev.changeling.error.InputException;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.hub.ModelCard;
import dev.changeling.hub.WarmStart;
import dev.changeling.hub.WarmStartReport;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.objective.JointObjective;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.shard.Dataset;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import dev.changeling.tokenizer.Vocabulary;
import dev.changeling.training.Trainer;
import dev.changeling.training.TrainingState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One pre-training run: a prepared data set goes in; a run folder with metrics, checkpoints and, at the end, the
 * networks that have learned as Hugging Face folders comes out.
 *
 * <pre>{@code
 * try (PretrainingRun run = PretrainingRun.start(config, Path.of("shards"), Path.of("run"), List.of(), observer)) {
 *     run.train(() -> false);
 * }
 * }</pre>
 */
public final class PretrainingRun implements AutoCloseable {
    /** Held-out rows whose first sequences are shown corrupted through time. */
    private static final int SHOWN_ROWS = 4;

    private final RunConfig config;
    private final Dataset dataset;
    private final RunFolder folder;
    private final RunObserver observer;
    private final Electra model;
    private final RunRecorder recorder;
    private final Trainer trainer;
    private final @Nullable SampleCache samples;

    /** Opens a run in a folder that is held; {@link RunOpening} does. */
    PretrainingRun(
            RunConfig config,
            Dataset dataset,
            Engine engine,
            RunFolder folder,
            @Nullable Checkpoint resumed,
            @Nullable WarmStart warmStart,
            @Nullable Path sampleCache,
            RunObserver observer)
            throws IOException {
        this.config = config;
        this.dataset = dataset;
        this.folder = folder;
        this.observer = observer;
        TrainingConfig training = config.training();
        Vocabulary vocabulary = vocabulary(dataset);
        this.model =
                new Electra(engine, config.model(), dataset.vocabularySize(), JointObjective.heads(config.objective()));
        this.recorder =
                new RunRecorder(folder, config, vocabulary, dataset.heldOutUnigramCrossEntropy(), resumed, observer);
        boolean opened = false;
        Trainer made = null;
        try {
            made = trainer(training);
            this.trainer = made;
            if (resumed == null) {
                Initialization.apply(model, config.model(), training.seed());
                if (warmStart != null) {
                    start(warmStart);
                }
            } else {
                restore(resumed);
            }
            this.samples =
                    sampleCache == null ? null : SampleCache.open(sampleCache, config, dataset, model.parameters());
            if (samples != null) {
                trainer.keepSamples(samples);
            }
            opened = true;
        } finally {
            if (!opened) { // no memory for the optimizer, or a checkpoint that can't be read
                if (made != null) {
                    made.close();
                }
                recorder.close();
                model.close();
            }
        }
    }

    private void start(WarmStart warmStart) throws IOException {
        WarmStartReport report = warmStart.apply(model, dataset.tokenizerFolder());
        report.lines().forEach(observer::message);
        new Disk()
                .replace(
                        folder.path().resolve(WarmStartReport.FILE),
                        report.json().getBytes(StandardCharsets.UTF_8));
    }

    private Trainer trainer(TrainingConfig training) {
        return new Trainer(
                model,
                config,
                dataset.tokenTable(),
                new ShardBatches(dataset, training.seed(), training.batchSize(), training.deviceBatchSize()),
                new HeldOutBatches(
                        dataset, training.deviceBatchSize(), config.evaluation().rows()),
                shown(),
                recorder);
    }

    private @Nullable Batch shown() {
        if (!config.objective().replaces()) {
            return null; // nobody reads what is written there
        }
        HeldOutBatches rows = new HeldOutBatches(dataset, SHOWN_ROWS, SHOWN_ROWS);
        return rows.batches() == 0 ? null : rows.batch(0);
    }

    private static Vocabulary vocabulary(Dataset dataset) throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(dataset.tokenizerFolder())) {
            return tokenizer.vocabulary();
        }
    }

    /**
     * Begins a run in a new folder.
     *
     * @param data a prepared data set
     * @param out the run's folder; absent or empty
     * @param commandLine for the provenance
     * @throws InputException if the data set is damaged or does not fit the configuration, or the folder is in the way
     */
    public static PretrainingRun start(
            RunConfig config, Path data, Path out, List<String> commandLine, RunObserver observer) throws IOException {
        return start(config, data, out, List.of(), commandLine, observer);
    }

    /**
     * Begins a run in a new folder, from networks that were trained before.
     *
     * @param initFrom their folders, see {@link WarmStart#open(List)}; none for a run from the configuration's starting
     *     weights
     * @throws InputException as {@link #start(RunConfig, Path, Path, List, RunObserver)}, and if a network can't be
     *     read or has another shape than the run's
     */
    public static PretrainingRun start(
            RunConfig config, Path data, Path out, List<Path> initFrom, List<String> commandLine, RunObserver observer)
            throws IOException {
        return start(config, data, out, initFrom, null, commandLine, observer);
    }

    /**
     * Begins a run in a new folder, whose samples are kept in another.
     *
     * @param sampleCache a folder that keeps the samples of a generator that never learns, from this run for others or
     *     from another for this, or null
     * @throws InputException as {@link #start(RunConfig, Path, Path, List, List, RunObserver)}, and if the generator
     *     learns, or the samples are those of another generator, other data or other settings
     */
    public static PretrainingRun start(
            RunConfig config,
            Path data,
            Path out,
            List<Path> initFrom,
            @Nullable Path sampleCache,
            List<String> commandLine,
            RunObserver observer)
            throws IOException {
        return new RunOpening(config, data, initFrom, sampleCache, commandLine, observer).start(out);
    }

    /**
     * Goes on with a run from its newest whole checkpoint; from step 0 if there is none yet.
     *
     * @param initFrom what the run was started from; needed only while there is no checkpoint
     * @param sampleCache as for {@link #start(RunConfig, Path, Path, List, Path, List, RunObserver)}
     * @throws InputException as {@link #start}, and if the folder holds no run, one of another configuration or data,
     *     or one with damaged checkpoints only
     */
    public static PretrainingRun resume(
            RunConfig config,
            Path data,
            Path out,
            List<Path> initFrom,
            @Nullable Path sampleCache,
            List<String> commandLine,
            RunObserver observer)
            throws IOException {
        return new RunOpening(config, data, initFrom, sampleCache, commandLine, observer).resume(out);
    }

    /**
     * Trains to the last step or until asked to stop, keeps the state, and, at the last step, writes the networks that
     * have learned, with their model cards.
     *
     * @param stopRequested asked after every step, from the calling thread
     * @return whether the last step was reached
     * @throws dev.changeling.training.NonFiniteException if a loss or gradient is not finite
     */
    public boolean train(BooleanSupplier stopRequested) throws IOException {
        boolean finished = trainer.run(stopRequested);
        if (finished) {
            // The run has finished before, and its networks are the same each time.
            Optional<Path> edited = HuggingFaceExport.editedCard(folder.models());
            if (edited.isPresent()) {
                observer.message(edited.get() + ": edited since it was written, so the networks are left as they are");
            } else {
                HuggingFaceExport.write(
                        folder.models(),
                        model,
                        config.model(),
                        dataset.tokenizerFolder(),
                        dataset.length(),
                        RunNetworks.of(folder.path(), config),
                        cards());
            }
        }
        return finished;
    }

    private Map<String, ModelCard> cards() {
        return folder.latestCheckpoint(config)
                .checkpoint()
                .map(checkpoint -> RunCards.of(RunFacts.read(folder.path(), config, checkpoint.progress(), model)))
                .orElseThrow(() -> new IllegalStateException("the last step's state is kept before the networks are"));
    }

    /** Returns the last held-out scores of this process, or null if there were none. */
    public @Nullable PretrainingReport heldOut() {
        return recorder.lastHeldOut();
    }

    /** Returns the networks. */
    public Electra model() {
        return model;
    }

    /** Returns the data set. */
    public Dataset dataset() {
        return dataset;
    }

    private void restore(Checkpoint checkpoint) {
        try (SafetensorsFile file = checkpoint.openTensors()) {
            List<NamedArray> arrays = file.names().stream().map(file::array).toList();
            trainer.restore(new TrainingState(
                    checkpoint.progress().step(), checkpoint.progress().tokens(), arrays));
        }
    }

    @Override
    public void close() {
        try {
            if (samples != null) {
                samples.close();
            }
        } finally {
            trainer.close();
            recorder.close();
            model.close();
            folder.close();
        }
    }
}
