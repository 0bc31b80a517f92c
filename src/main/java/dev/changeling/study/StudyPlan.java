package dev.changeling.study;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.config.Setting;
import dev.changeling.error.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a study does: each arm with each seed, and each task on each of these runs.
 *
 * @param study as it is written
 * @param data the prepared data set of all runs
 * @param out the folder of all that is made
 * @param runs in their order: every arm with the first seed, then with the next, so that arms can be compared early
 */
public record StudyPlan(StudyFile study, Path data, Path out, List<PlannedRun> runs) {
    private static final String SEED = "training.seed";

    public StudyPlan {
        runs = List.copyOf(runs);
    }

    /**
     * Plans.
     *
     * @throws InputException if the configuration of an arm is not valid, or its scores can't be compared with those of
     *     the others
     */
    public static StudyPlan of(StudyFile study, Path data, Path out) {
        List<PlannedRun> runs = new ArrayList<>();
        for (Setting seed : study.seeds()) {
            for (StudyArm arm : study.arms()) {
                RunConfig config = config(study, arm, seed);
                List<Path> initFrom = arm.initFrom().stream()
                        .map(network -> network.in(folder(out, network.arm(), seed)))
                        .toList();
                runs.add(
                        new PlannedRun(arm, config.training().seed(), config, folder(out, arm.name(), seed), initFrom));
            }
        }
        refuseOtherRows(runs);
        return new StudyPlan(study, data, out, runs);
    }

    private static Path folder(Path out, String arm, Setting seed) {
        return out.resolve("runs").resolve(arm).resolve("seed-" + seed.text());
    }

    private static RunConfig config(StudyFile study, StudyArm arm, Setting seed) {
        Map<String, Setting> settings = new LinkedHashMap<>(study.settings());
        settings.putAll(arm.settings());
        settings.put(SEED, seed);
        try {
            return ConfigLoader.load(study.config(), arm.variants(), settings);
        } catch (InputException e) {
            String message = String.valueOf(e.getMessage());
            // What a variant or the configuration says may be wrong only beside what the arm says.
            throw message.startsWith(study.file() + ":")
                    ? e
                    : new InputException(arm.place() + ": arm " + arm.name() + ": " + message, e);
        }
    }

    private static void refuseOtherRows(List<PlannedRun> runs) {
        int rows = runs.get(0).config().evaluation().rows();
        for (PlannedRun run : runs) {
            if (run.config().evaluation().rows() != rows) {
                throw new InputException(run.arm().place() + ": arm "
                        + run.arm().name() + ": evaluation.rows is "
                        + run.config().evaluation().rows() + ", expected " + rows + " as in arm "
                        + runs.get(0).arm().name() + ": all are scored on the same text");
            }
        }
    }

    /** Returns the folder of what fine-tuning a run on a task makes. */
    public Path folder(PlannedRun run, StudyTask task) {
        return out.resolve("tasks")
                .resolve(run.arm().name())
                .resolve("seed-" + run.seed())
                .resolve(task.name());
    }
}
