package dev.changeling.study;

import dev.changeling.config.RunConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * A run that a study needs.
 *
 * @param arm that it belongs to
 * @param seed of all its random numbers
 * @param config resolved, with the seed in it
 * @param folder of the run
 * @param initFrom folders of networks of other runs that it starts from, or none
 */
public record PlannedRun(StudyArm arm, long seed, RunConfig config, Path folder, List<Path> initFrom) {
    public PlannedRun {
        initFrom = List.copyOf(initFrom);
    }

    /** Returns what people call it. */
    public String label() {
        return arm.name() + ", seed " + seed;
    }

    /** Returns the steps that it is to have. */
    public int steps() {
        return config.training().steps();
    }
}
