package dev.changeling.study;

import dev.changeling.config.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a study compares with the other arms: the study's configuration with some differences.
 *
 * @param name a row of the table, and a folder
 * @param place in the study file, for messages
 * @param variants of the objective, laid over the configuration in order
 * @param settings laid over these and over those of the study, by dotted key
 * @param initFrom networks of arms before it that its runs start from, those of the same seed; none for starting
 *     weights
 */
public record StudyArm(
        String name, String place, List<String> variants, Map<String, Setting> settings, List<Network> initFrom) {
    public StudyArm {
        variants = List.copyOf(variants);
        initFrom = List.copyOf(initFrom);
    }

    /**
     * A network that an arm makes.
     *
     * @param arm its name
     * @param part {@code generator} or {@code discriminator}
     */
    public record Network(String arm, String part) {
        /** Returns its folder in a run of the arm. */
        Path in(Path run) {
            return run.resolve("model").resolve(part);
        }
    }
}
