package dev.changeling.config;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonToken;

/**
 * Reads the configuration of a run, in layers: a preset, then a variant of the objective, then a file, then
 * {@code --set key=value}.
 *
 * <p>Strict: an unknown key, a missing key, a value of another type, a value out of its range and a key written twice
 * are errors that name the place and the key. Nothing has a default outside the presets.
 */
public final class ConfigLoader {
    private static final List<String> PRESETS = List.of("debug", "tiny", "quickstart", "small", "base", "large");
    private static final String PRESET_KEY = "preset";
    private static final List<String> VARIANTS = List.of(
            "electra",
            "electra-15",
            "all-tokens-mlm",
            "replace-mlm",
            "bert",
            "no-sharing",
            "full-sharing",
            "gdes",
            "deberta-v3",
            "decoupled",
            "adversarial",
            "amos",
            "two-stage",
            "two-stage-cold",
            "fast-electra",
            "unigram",
            "uniform",
            "coco-lm",
            "whole-word",
            "span",
            "balanced",
            "falling-mask",
            "disallow-correct");
    private static final String VARIANT_KEY = "variant";

    private ConfigLoader() {}

    /** Returns the names of the presets, smallest first. */
    public static List<String> presets() {
        return PRESETS;
    }

    /** Returns the names of the variants of the objective, the published one first. */
    public static List<String> variants() {
        return VARIANTS;
    }

    /** Loads a configuration as {@link #load(String, List, List)} does, of no variant but those that a file names. */
    public static RunConfig load(String presetOrFile, List<String> overrides) {
        return load(presetOrFile, List.of(), overrides);
    }

    /**
     * Loads a configuration.
     *
     * @param presetOrFile the name of a preset, or the path of a YAML file that has every key or begins with
     *     {@code preset: NAME}, perhaps {@code variant: NAME}, and has the keys that differ
     * @param variants names of variants, whose keys are laid over those in order
     * @param overrides each {@code key=value} with a dotted key, for example {@code training.steps=100}; later ones win
     * @throws InputException if anything is unknown, missing, of another type or out of range
     */
    public static RunConfig load(String presetOrFile, List<String> variants, List<String> overrides) {
        Map<String, Setting> settings = layers(presetOrFile, variants);
        Map<String, Setting> written = new LinkedHashMap<>(settings);
        for (String override : overrides) {
            addOverride(override, settings);
        }
        return resolve(settings, written, presetOrFile);
    }

    /**
     * Loads a configuration as {@link #load(String, List, List)} does, with settings that stand in a file in the place
     * of those of the call: what is wrong with one is told with its place.
     *
     * @param settings by dotted key
     * @throws InputException if anything is unknown, missing, of another type or out of range
     */
    public static RunConfig load(String presetOrFile, List<String> variants, Map<String, Setting> settings) {
        Map<String, Setting> all = layers(presetOrFile, variants);
        all.putAll(settings);
        return resolve(all, all, presetOrFile);
    }

    private static Map<String, Setting> layers(String presetOrFile, List<String> variants) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        if (PRESETS.contains(presetOrFile)) {
            settings.putAll(preset(presetOrFile));
        } else if (presetOrFile.isBlank() || (isName(presetOrFile) && !Files.exists(Path.of(presetOrFile)))) {
            throw new UsageException(
                    "'" + presetOrFile + "': expected a preset (" + String.join(", ", PRESETS) + ") or a file");
        } else {
            settings.putAll(file(Path.of(presetOrFile)));
        }
        for (String variant : variants) {
            if (!VARIANTS.contains(variant)) {
                throw new UsageException("'" + variant + "': expected a variant (" + String.join(", ", VARIANTS) + ")");
            }
            settings.putAll(variant(variant));
        }
        return settings;
    }

    /**
     * Loads a configuration from a file.
     *
     * @throws InputException if anything is unknown, missing, of another type or out of range
     */
    public static RunConfig load(Path file) {
        Map<String, Setting> written = file(file);
        return resolve(written, written, file.toString());
    }

    /**
     * Returns what a file has under each dotted key, as it is written and in its order. For showing the configuration
     * of a run that another version may have made: nothing is checked but that it is YAML.
     *
     * @throws InputException if the file can't be read or isn't YAML
     */
    public static Map<String, String> texts(Path file) {
        Map<String, String> texts = new LinkedHashMap<>();
        YamlLayer.parse(read(file), file.toString()).forEach((key, setting) -> texts.put(key, setting.text()));
        return texts;
    }

    /** Tells a misspelt preset from the path of a file that is gone. */
    private static boolean isName(String presetOrFile) {
        return presetOrFile.chars().noneMatch(letter -> "./\\".indexOf(letter) >= 0);
    }

    private static Map<String, Setting> preset(String name) {
        return resource("configs/" + name + ".yaml");
    }

    private static Map<String, Setting> variant(String name) {
        return resource("configs/variants/" + name + ".yaml");
    }

    private static Map<String, Setting> resource(String file) {
        String resource = "/" + file;
        try (InputStream stream = ConfigLoader.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the class path lacks " + resource);
            }
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return YamlLayer.parse(text, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Setting> file(Path file) {
        Map<String, Setting> written = YamlLayer.parse(read(file), file.toString());
        Setting base = written.remove(PRESET_KEY);
        Setting variant = written.remove(VARIANT_KEY);
        if (base == null) {
            if (variant != null) {
                throw variant.refused("variant without a preset, expected 'preset: NAME' too");
            }
            return written;
        }
        if (!PRESETS.contains(base.text())) {
            throw base.refused("unknown preset " + base.text() + ", expected one of " + String.join(", ", PRESETS));
        }
        Map<String, Setting> settings = preset(base.text());
        if (variant != null) {
            if (!VARIANTS.contains(variant.text())) {
                throw variant.refused(
                        "unknown variant " + variant.text() + ", expected one of " + String.join(", ", VARIANTS));
            }
            settings.putAll(variant(variant.text()));
        }
        settings.putAll(written);
        return settings;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new InputException(
                    file + ": no such file; presets go by their name alone: " + String.join(", ", PRESETS), e);
        } catch (MalformedInputException e) {
            throw new InputException(file + ": not UTF-8, expected a YAML file", e);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    private static void addOverride(String override, Map<String, Setting> settings) {
        String origin = "--set " + override;
        int equals = override.indexOf('=');
        if (equals < 1) {
            throw new UsageException(origin + ": expected key=value, for example training.steps=100");
        }
        String key = override.substring(0, equals).strip();
        settings.put(key, YamlLayer.scalar(override.substring(equals + 1).strip(), origin));
    }

    /**
     * Makes a configuration of settings.
     *
     * @param written what they were before the call overrode some
     */
    private static RunConfig resolve(Map<String, Setting> settings, Map<String, Setting> written, String name) {
        settings.forEach(ConfigLoader::refuseUnknown);
        Map<String, Object> values = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        ConfigKeys.all().forEach((key, component) -> {
            Setting setting = settings.get(key);
            if (setting == null) {
                missing.add(key);
            } else {
                values.put(key, typed(key, component, setting));
            }
        });
        if (!missing.isEmpty()) {
            throw new InputException(name + ": missing " + some(missing)
                    + "; a file that starts with 'preset: NAME' needs only the keys that differ");
        }
        RunConfig config = ConfigKeys.configOf(values);
        Constraints.firstViolation(config).ifPresent(violation -> {
            Setting setting = settings.get(violation.key());
            String message = (setting == null ? name : setting.origin()) + ": " + violation.message();
            throw isFaultOfWritten(violation.key(), settings, written, values)
                    ? new InputException(message)
                    : new UsageException(message);
        });
        return config;
    }

    /**
     * Returns whether a value was not allowed before the call overrode some, either. What an override makes of a number
     * that it owes something to is the override's mistake.
     */
    private static boolean isFaultOfWritten(
            String key, Map<String, Setting> settings, Map<String, Setting> written, Map<String, Object> values) {
        Setting setting = settings.get(key);
        if (setting != null && setting.isOverride()) {
            return false;
        }
        Map<String, Object> before = new LinkedHashMap<>(values);
        ConfigKeys.all().forEach((each, component) -> {
            Setting was = written.get(each);
            // What the file lacks or has in another type only the override gives.
            if (was != null) {
                try {
                    before.put(each, was.as(component));
                } catch (Setting.WrongType e) {
                    return;
                }
            }
        });
        return Constraints.violations(ConfigKeys.configOf(before)).stream()
                .anyMatch(violation -> violation.key().equals(key));
    }

    private static void refuseUnknown(String key, Setting setting) {
        if (ConfigKeys.all().containsKey(key)) {
            return;
        }
        if (ConfigKeys.isSection(key)) {
            throw setting.refused(key + " is a section, expected keys inside it");
        }
        String suggestion = ConfigKeys.nearest(key)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        throw setting.refused("unknown key " + key + suggestion);
    }

    private static Object typed(String key, RecordComponent component, Setting setting) {
        try {
            return setting.as(component);
        } catch (Setting.WrongType e) {
            String found = setting.kind() == JsonToken.VALUE_NULL ? "empty" : "'" + setting.text() + "'";
            throw setting.refused(key + " is " + found + ", expected " + e.getMessage());
        }
    }

    private static String some(List<String> keys) {
        int shown = Math.min(3, keys.size());
        String rest = keys.size() > shown ? " and " + (keys.size() - shown) + " more" : "";
        return (keys.size() == 1 ? "key " : "keys ") + String.join(", ", keys.subList(0, shown)) + rest;
    }
}
