package dev.changeling.study;

import dev.changeling.config.Setting;
import java.util.List;
import java.util.Set;

/**
 * What each finished run's discriminator is fine-tuned on.
 *
 * @param name a column of the table, and a folder
 * @param place in the study file, for messages
 * @param options as {@code finetune} has them
 */
public record StudyTask(String name, String place, List<Option> options) {
    /** The options that name files. */
    public static final Set<String> FILES = Set.of("train", "dev");

    public StudyTask {
        options = List.copyOf(options);
    }

    /**
     * An option of {@code finetune}.
     *
     * @param name without dashes
     * @param values as they are written; of a file, the path from where the program runs
     */
    public record Option(String name, List<Setting> values) {
        public Option {
            values = List.copyOf(values);
        }

        /** Returns the values with commas between them. */
        public String text() {
            return String.join(",", values.stream().map(Setting::text).toList());
        }

        /** Returns where it stands, for messages. */
        public String place() {
            return values.get(0).origin();
        }
    }
}
