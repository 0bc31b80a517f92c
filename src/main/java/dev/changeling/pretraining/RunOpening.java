package dev.changeling.pretraining;

import dev.changeling.checkpoint.Checkpoint;
import dev.changeling.checkpoint.CheckpointStore;
import dev.changeling.checkpoint.Provenance;
import dev.changeling.checkpoint.RunFolder;
import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.error.InputException;
import dev.changeling.hub.WarmStart;
import dev.changeling.shard.Dataset;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.EngineReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens runs: checks what goes in before anything is made, makes or takes the folder, and leaves neither a folder nor a
 * hold on one behind if the run can't be opened.
 *
 * @param data a prepared data set
 * @param initFrom folders of networks to start from, or none
 * @param sampleCache a folder that keeps the samples of a generator that never learns, or null
 * @param commandLine for the provenance
 */
record RunOpening(
        RunConfig config,
        Path data,
        List<Path> initFrom,
        @Nullable Path sampleCache,
        List<String> commandLine,
        RunObserver observer) {

    RunOpening {
        requireEncoder(config);
        if (sampleCache != null) {
            SampleCache.check(config);
        }
        initFrom = List.copyOf(initFrom);
        commandLine = List.copyOf(commandLine);
    }

    /** What a run is for is its encoder; one that nothing asks would have random weights at the end. */
    private static void requireEncoder(RunConfig config) {
        if (!config.objective().trainsDiscriminator()) {
            throw new InputException("objective.rtd_weight is 0 and objective.correction_weight is too, so that the"
                    + " discriminator learns to say nothing; expected one of them above 0 (--variant bert trains a masked"
                    + " language model)");
        }
    }

    /** Begins a run in a new folder. */
    PretrainingRun start(Path out) throws IOException {
        Dataset dataset = open(data, config);
        try (WarmStart warmStart = warmStart()) {
            // Before the folder is made: a run that can't begin must not leave one in the way of the next.
            Engine engine = engine(config);
            Map<String, String> inputs = RunInputs.hashes(dataset, warmStart);
            RunFolder folder = RunFolder.create(out, config, provenance(inputs, dataset, engine));
            if (warmStart == null
                    && config.objective().generates()
                    && !config.objective().trainsGenerator(config.training().steps())) {
                observer.message("warning: the generator never learns (objective.stages.generator_frozen_from,"
                        + " objective.mlm_weight) and starts from random weights, so its replacements are noise;"
                        + " --init-from takes one that was trained before");
            }
            return guarded(
                    folder::discard,
                    () -> new PretrainingRun(config, dataset, engine, folder, null, warmStart, sampleCache, observer));
        }
    }

    /** Goes on with the run in a folder. */
    PretrainingRun resume(Path out) throws IOException {
        Dataset dataset = open(data, config);
        try (WarmStart warmStart = warmStart()) {
            Engine engine = engine(config);
            Map<String, String> inputs = RunInputs.hashes(dataset, warmStart);
            @Nullable String startedFrom = RunFolder.inputsOf(out).get(RunInputs.INIT_FROM);
            if (warmStart == null && startedFrom != null) {
                inputs.put(RunInputs.INIT_FROM, startedFrom);
            }
            RunFolder folder = RunFolder.resume(out, config, provenance(inputs, dataset, engine));
            return guarded(folder::close, () -> {
                folder.warnings().forEach(observer::message);
                Checkpoint checkpoint = newest(folder);
                if (checkpoint == null && warmStart == null && startedFrom != null) {
                    throw new InputException(folder.path() + ": has no checkpoint yet; expected --init-from, as it was"
                            + " started with");
                }
                return new PretrainingRun(
                        config, dataset, engine, folder, checkpoint, warmStart, sampleCache, observer);
            });
        }
    }

    private @Nullable Checkpoint newest(RunFolder folder) {
        CheckpointStore.Found found = folder.latestCheckpoint(config);
        found.passedOver()
                .forEach(damaged -> observer.message(
                        "passed over a damaged checkpoint, " + damaged.folder() + ": " + damaged.reason()));
        Checkpoint checkpoint = found.checkpoint().orElse(null);
        if (checkpoint == null && !found.passedOver().isEmpty()) {
            throw new InputException(folder.path() + ": all of its checkpoints are damaged; expected a whole one, or"
                    + " another folder for a new run");
        }
        observer.message(
                checkpoint == null
                        ? "no checkpoint yet: starting from step 0"
                        : String.format(
                                Locale.ROOT,
                                "resuming from step %,d",
                                checkpoint.progress().step()));
        return checkpoint;
    }

    private @Nullable WarmStart warmStart() throws IOException {
        return initFrom.isEmpty() ? null : WarmStart.open(initFrom, config.model());
    }

    private static Engine engine(RunConfig config) {
        TrainingConfig training = config.training();
        return Engine.start(training.device(), training.precision(), training.threads());
    }

    private static Dataset open(Path data, RunConfig config) throws IOException {
        Dataset dataset = Dataset.open(data);
        RunConfigFit.check(config, dataset);
        // Only the finished networks need it: too late to learn that it is gone.
        dataset.checkTokenizer();
        return dataset;
    }

    private Provenance provenance(Map<String, String> inputs, Dataset dataset, Engine engine) {
        return Provenance.ofThisProcess(
                commandLine,
                config.training().seed(),
                engine.device(),
                engine.threads(),
                Map.of("libtorch", EngineReport.read().version()),
                inputs,
                RunInputs.sizes(dataset));
    }

    private interface Opening {
        PretrainingRun open() throws IOException;
    }

    // The folder's lock must not outlive a run that could not be opened, for want of memory for example.
    private static PretrainingRun guarded(Runnable release, Opening opening) throws IOException {
        boolean opened = false;
        try {
            PretrainingRun run = opening.open();
            opened = true;
            return run;
        } finally {
            if (!opened) {
                release.run();
            }
        }
    }
}
