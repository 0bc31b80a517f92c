package dev.changeling.study;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.Setting;
import dev.changeling.error.InputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A study as somebody wrote it down. Paths in it are seen from its own folder.
 *
 * <p>Strict, as a configuration is: an unknown key, a missing one, a key written twice and a value of another type are
 * errors that name the place.
 *
 * @param file that it stands in
 * @param config of all arms: the name of a preset, or the path of a file
 * @param data a prepared data set; null if the file has none
 * @param out the folder of all that is made; null if the file has none
 * @param settings laid over the configuration and the variants of every arm, by dotted key
 * @param seeds of the runs of each arm
 * @param arms in the order of the table
 * @param tasks in the order of the table
 */
public record StudyFile(
        Path file,
        String config,
        @Nullable Path data,
        @Nullable Path out,
        Map<String, Setting> settings,
        List<Setting> seeds,
        List<StudyArm> arms,
        List<StudyTask> tasks) {
    private static final List<String> KEYS = List.of("config", "data", "out", "settings", "seeds", "arms", "tasks");
    private static final List<String> ARM_KEYS = List.of("variants", "settings", "init_from");
    private static final String SEED = "training.seed";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");

    public StudyFile {
        seeds = List.copyOf(seeds);
        arms = List.copyOf(arms);
        tasks = List.copyOf(tasks);
    }

    /**
     * Reads a study.
     *
     * @throws InputException if it can't be read or something in it is wrong
     */
    public static StudyFile read(Path file) {
        StudyKeys keys = new StudyKeys("", StudyYaml.read(file), KEYS);
        Map<String, Setting> settings = keys.settings("settings");
        refuseSeed(settings);
        return new StudyFile(
                file,
                config(file, keys.required("config")),
                keys.value("data").map(data -> path(file, data)).orElse(null),
                keys.value("out").map(out -> path(file, out)).orElse(null),
                settings,
                seeds(keys),
                arms(keys.requiredSection("arms")),
                tasks(file, keys.section("tasks")));
    }

    private static String config(Path file, Setting config) {
        if (ConfigLoader.presets().contains(config.text())) {
            return config.text();
        }
        Path path = path(file, config);
        if (!Files.isRegularFile(path)) {
            throw refused(
                    config,
                    "config is '" + config.text() + "', expected a preset (" + String.join(", ", ConfigLoader.presets())
                            + ") or a file beside the study");
        }
        return path.toString();
    }

    private static Path path(Path file, Setting path) {
        try {
            return file.resolveSibling(path.text()).normalize();
        } catch (InvalidPathException e) {
            throw refused(path, "'" + path.text() + "' is no path");
        }
    }

    private static List<Setting> seeds(StudyKeys keys) {
        keys.require("seeds", "a list of whole numbers, for example [1, 2, 3]");
        List<Setting> seeds = keys.values("seeds");
        Set<Long> seen = new HashSet<>();
        for (Setting seed : seeds) {
            if (!WHOLE.matcher(seed.text()).matches()) {
                throw refused(seed, "seeds has '" + seed.text() + "', expected whole numbers from 0");
            }
            if (!seen.add(Long.valueOf(seed.text()))) {
                throw refused(seed, "seeds has " + seed.text() + " twice, expected each once");
            }
        }
        return seeds;
    }

    private static List<StudyArm> arms(StudyNode.Section section) {
        List<StudyArm> arms = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (StudyNode.Entry entry : section.entries()) {
            requireName(entry, "arm", names);
            String name = "arms." + entry.key();
            StudyKeys keys = new StudyKeys(name + ".", StudyKeys.sectionOf(name, entry.node()), ARM_KEYS);
            List<Setting> variants = keys.values("variants");
            for (Setting variant : variants) {
                if (!ConfigLoader.variants().contains(variant.text())) {
                    throw refused(
                            variant,
                            name + ".variants has '" + variant.text() + "', expected some of "
                                    + String.join(", ", ConfigLoader.variants()));
                }
            }
            Map<String, Setting> settings = keys.settings("settings");
            refuseSeed(settings);
            arms.add(new StudyArm(
                    entry.key(),
                    entry.place(),
                    variants.stream().map(Setting::text).toList(),
                    settings,
                    networks(name, keys.values("init_from"), arms)));
        }
        return arms;
    }

    private static List<StudyArm.Network> networks(String name, List<Setting> values, List<StudyArm> before) {
        List<String> known = before.stream()
                .flatMap(arm -> Stream.of(arm.name() + "/generator", arm.name() + "/discriminator"))
                .toList();
        List<StudyArm.Network> networks = new ArrayList<>();
        for (Setting value : values) {
            if (!known.contains(value.text())) {
                throw refused(
                        value,
                        name + ".init_from has '" + value.text() + "', expected networks of arms before it"
                                + (known.isEmpty() ? ", of which there are none" : ": " + String.join(", ", known)));
            }
            int cut = value.text().indexOf('/');
            networks.add(new StudyArm.Network(
                    value.text().substring(0, cut), value.text().substring(cut + 1)));
        }
        return networks;
    }

    private static List<StudyTask> tasks(Path file, StudyNode.Section section) {
        List<StudyTask> tasks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (StudyNode.Entry entry : section.entries()) {
            requireName(entry, "task", names);
            String name = "tasks." + entry.key();
            List<StudyTask.Option> options = new ArrayList<>();
            for (StudyNode.Entry option :
                    StudyKeys.sectionOf(name, entry.node()).entries()) {
                List<Setting> values = StudyKeys.valuesOf(name + "." + option.key(), option.node());
                if (values.isEmpty()) {
                    throw option.node().refused(name + "." + option.key() + " is empty, expected a value");
                }
                options.add(new StudyTask.Option(
                        option.key(),
                        StudyTask.FILES.contains(option.key())
                                ? values.stream()
                                        .map(value -> fromHere(file, value))
                                        .toList()
                                : values));
            }
            tasks.add(new StudyTask(entry.key(), entry.place(), options));
        }
        return tasks;
    }

    private static Setting fromHere(Path file, Setting path) {
        return new Setting(path.kind(), path(file, path).toString(), path.origin(), path.isOverride());
    }

    // Names are folders, and some file systems don't tell large letters from small ones.
    private static void requireName(StudyNode.Entry entry, String what, Set<String> names) {
        if (!NAME.matcher(entry.key()).matches()) {
            throw new InputException(entry.place() + ": " + what + " '" + entry.key()
                    + "' has no name for a folder, expected letters, digits, '.', '_' and '-'");
        }
        if (!names.add(entry.key().toLowerCase(Locale.ROOT))) {
            throw new InputException(entry.place() + ": a second " + what + " " + entry.key()
                    + ", expected names that differ in more than large letters");
        }
    }

    private static void refuseSeed(Map<String, Setting> settings) {
        Setting seed = settings.get(SEED);
        if (seed != null) {
            throw refused(seed, SEED + " is what seeds is for, expected it there");
        }
    }

    private static InputException refused(Setting setting, String reason) {
        return new InputException(setting.origin() + ": " + reason);
    }
}
