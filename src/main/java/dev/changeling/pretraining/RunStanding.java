package dev.changeling.pretraining;

import dev.changeling.checkpoint.Checkpoint;
import dev.changeling.checkpoint.Progress;
import dev.changeling.checkpoint.RunFolder;
import dev.changeling.config.RunConfig;
import dev.changeling.error.InputException;
import dev.changeling.hub.WarmStart;
import dev.changeling.shard.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How far the run in a folder has come.
 *
 * @param started whether there is a run
 * @param finished whether its last step is done and its networks are written
 * @param step of its newest whole checkpoint; 0 without one
 * @param tokens real tokens seen up to there
 * @param seconds of training up to there
 */
public record RunStanding(boolean started, boolean finished, long step, long tokens, double seconds) {
    private static final RunStanding NONE = new RunStanding(false, false, 0, 0, 0);

    /**
     * Looks at a folder, which may not be there. Changes nothing.
     *
     * @param config that a run in it must have, as to go on with it
     * @param dataset that it must be of
     * @param initFrom folders of networks that it must have started from, or none
     * @throws InputException if there is a run of another configuration or other data, or one that can't be read
     */
    public static RunStanding of(Path folder, RunConfig config, Dataset dataset, List<Path> initFrom)
            throws IOException {
        if (Files.notExists(folder.resolve("config.yaml"))) {
            return NONE;
        }
        try (WarmStart warmStart = initFrom.isEmpty() ? null : WarmStart.open(initFrom, config.model())) {
            RunFolder.requireSame(folder, config, RunInputs.hashes(dataset, warmStart));
        }
        Progress progress = RunFolder.checkpoints(folder)
                .latest()
                .checkpoint()
                .map(Checkpoint::progress)
                .orElse(null);
        if (progress == null) {
            return new RunStanding(true, false, 0, 0, 0);
        }
        boolean written = Files.exists(model(folder).resolve("config.json"));
        return new RunStanding(
                true,
                written && progress.step() == config.training().steps(),
                progress.step(),
                progress.tokens(),
                progress.elapsedSeconds());
    }

    /** Returns the folder of a finished run's discriminator, which is what is fine-tuned. */
    public static Path model(Path run) {
        return run.resolve("model").resolve("discriminator");
    }
}
