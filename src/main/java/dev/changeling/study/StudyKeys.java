package dev.changeling.study;

import dev.changeling.config.Setting;
import dev.changeling.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonToken;

/** The keys of a section of a study file, each asked for by its name and type. */
final class StudyKeys {
    private final String name;
    private final StudyNode.Section section;
    private final Map<String, StudyNode.Entry> entries = new LinkedHashMap<>();

    /**
     * @param name of the section, with a dot behind it, for messages; empty for the file itself
     * @param known the keys that there may be
     * @throws InputException if there is another key
     */
    StudyKeys(String name, StudyNode.Section section, List<String> known) {
        this.name = name;
        this.section = section;
        for (StudyNode.Entry entry : section.entries()) {
            if (!known.contains(entry.key())) {
                throw new InputException(entry.place() + ": unknown key " + name + entry.key() + ", expected one of "
                        + String.join(", ", known));
            }
            entries.put(entry.key(), entry);
        }
    }

    /** Returns a section that must be there and have a key. */
    StudyNode.Section requiredSection(String key) {
        StudyNode.Section found = section(key);
        if (found.entries().isEmpty()) {
            StudyNode.Entry entry = entries.get(key);
            throw new InputException((entry == null ? section.place() : entry.place()) + ": "
                    + (entry == null ? "missing key " + name + key : name + key + " is empty, expected some"));
        }
        return found;
    }

    /** Returns a section; an empty one if it is not there. */
    StudyNode.Section section(String key) {
        StudyNode.Entry entry = entries.get(key);
        return entry == null ? new StudyNode.Section(List.of(), section.place()) : sectionOf(name + key, entry.node());
    }

    /** Returns what must be a section; an empty value is one without keys. */
    static StudyNode.Section sectionOf(String name, StudyNode node) {
        if (node instanceof StudyNode.Section found) {
            return found;
        }
        if (node instanceof StudyNode.Value empty && empty.setting().kind() == JsonToken.VALUE_NULL) {
            return new StudyNode.Section(List.of(), node.place());
        }
        throw node.refused(name + " is " + node.kind() + ", expected a section of keys");
    }

    /**
     * Refuses a section that lacks a key, or has an empty list there.
     *
     * @param expected what the key should hold
     */
    void require(String key, String expected) {
        StudyNode.Entry entry = entries.get(key);
        if (entry == null) {
            throw new InputException(section.place() + ": missing key " + name + key + ", " + expected);
        }
        if (entry.node() instanceof StudyNode.Items list && list.items().isEmpty()) {
            throw list.refused(name + key + " is empty, expected " + expected);
        }
    }

    /** Returns a value that must be there. */
    Setting required(String key) {
        return value(key).orElseThrow(() -> new InputException(section.place() + ": missing key " + name + key));
    }

    /** Returns a value; none if the key is not there. */
    Optional<Setting> value(String key) {
        return Optional.ofNullable(entries.get(key)).map(entry -> valueOf(name + key, entry.node()));
    }

    /** Returns the values of a list, or the only one; none if the key is not there. */
    List<Setting> values(String key) {
        StudyNode.Entry entry = entries.get(key);
        return entry == null ? List.of() : valuesOf(name + key, entry.node());
    }

    /** Returns the values of a list, or the only one. */
    static List<Setting> valuesOf(String name, StudyNode node) {
        List<Setting> values = new ArrayList<>();
        for (StudyNode item : node instanceof StudyNode.Items list ? list.items() : List.of(node)) {
            values.add(valueOf(name, item));
        }
        return values;
    }

    private static Setting valueOf(String name, StudyNode node) {
        if (node instanceof StudyNode.Value value && value.setting().kind() != JsonToken.VALUE_NULL) {
            return value.setting();
        }
        throw node.refused(name + " is " + node.kind() + ", expected a value");
    }

    /**
     * Returns settings by dotted key, whether they are written with dots or in sections.
     *
     * @throws InputException if one of them is no single value, or is there twice
     */
    Map<String, Setting> settings(String key) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        addSettings("", section(key), settings);
        return settings;
    }

    private void addSettings(String prefix, StudyNode.Section from, Map<String, Setting> settings) {
        for (StudyNode.Entry entry : from.entries()) {
            String key = prefix + entry.key();
            if (entry.node() instanceof StudyNode.Section inner) {
                addSettings(key + ".", inner, settings);
            } else if (entry.node() instanceof StudyNode.Value value) {
                if (settings.put(key, value.setting()) != null) {
                    throw new InputException(entry.place() + ": " + key + " is written twice");
                }
            } else {
                throw entry.node().refused(key + " is a list, expected a single value");
            }
        }
    }
}
