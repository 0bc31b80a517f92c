package dev.changeling.study;

import dev.changeling.config.Setting;
import java.util.List;
import java.util.Map;

/**
 * What a study compares with the other arms: the study's configuration with some differences.
 *
 * @param name a row of the table, and a folder
 * @param place in the study file, for messages
 * @param variants of the objective, laid over the configuration in order
 * @param settings laid over these and over those of the study, by dotted key
 */
public record StudyArm(String name, String place, List<String> variants, Map<String, Setting> settings) {
    public StudyArm {
        variants = List.copyOf(variants);
    }
}
