package dev.changeling.study;

import dev.changeling.config.Setting;
import dev.changeling.error.InputException;
import java.util.List;

/** A part of a study file, and where it stands: {@code study.yaml:3:10}. */
sealed interface StudyNode {
    /** Returns where it stands, for messages. */
    String place();

    /** Returns what it is, for messages. */
    String kind();

    /** Returns the refusal of this part. */
    default InputException refused(String reason) {
        return new InputException(place() + ": " + reason);
    }

    /** A single value, perhaps an empty one. */
    record Value(Setting setting) implements StudyNode {
        @Override
        public String place() {
            return setting.origin();
        }

        @Override
        public String kind() {
            return setting.text().isEmpty() ? "empty" : "'" + setting.text() + "'";
        }
    }

    /** A list. */
    record Items(List<StudyNode> items, String place) implements StudyNode {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A section: keys with what each holds. */
    record Section(List<Entry> entries, String place) implements StudyNode {
        public Section {
            entries = List.copyOf(entries);
        }

        @Override
        public String kind() {
            return "a section";
        }
    }

    /**
     * A key and what it holds.
     *
     * @param place of the key
     */
    record Entry(String key, StudyNode node, String place) {}
}
