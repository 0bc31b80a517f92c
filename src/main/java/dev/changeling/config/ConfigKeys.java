package dev.changeling.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The dotted keys of a configuration, {@code training.batch_size} for example, as the records of this package define
 * them: a record is a section, any other component a key.
 */
final class ConfigKeys {
    private static final Map<String, RecordComponent> KEYS = collect("", RunConfig.class, new LinkedHashMap<>());

    private ConfigKeys() {}

    /** Returns every key, in the order of the records. */
    static Map<String, RecordComponent> all() {
        return KEYS;
    }

    /** Returns whether the name is that of a section, such as {@code model.generator}. */
    static boolean isSection(String name) {
        return KEYS.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
    }

    /** Returns the value of every key, in the order of the records. */
    static Map<String, Object> values(RunConfig config) {
        return valuesOf("", config, new LinkedHashMap<>());
    }

    /** Returns the configuration with these values; every key must have one of its type. */
    static RunConfig configOf(Map<String, Object> values) {
        return (RunConfig) recordOf("", RunConfig.class, values);
    }

    /** Returns the key that somebody who wrote {@code unknown} may have meant. */
    static Optional<String> nearest(String unknown) {
        String lastName = lastName(unknown);
        List<String> names = new ArrayList<>(KEYS.keySet());
        Optional<String> inAnotherSection =
                names.stream().filter(key -> lastName(key).equals(lastName)).findFirst();
        Comparator<String> byDistance = Comparator.comparingInt(key -> editDistance(unknown, key));
        Optional<String> alike =
                names.stream().min(byDistance).filter(key -> editDistance(unknown, key) <= 2 + unknown.length() / 5);
        return alike.or(() -> inAnotherSection);
    }

    /** Returns how many single-letter insertions, deletions and changes lead from one to the other (Levenshtein). */
    static int editDistance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        Arrays.setAll(previous, j -> j);
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(changed, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[to.length()];
    }

    private static Map<String, RecordComponent> collect(
            String prefix, Class<?> section, Map<String, RecordComponent> keys) {
        for (RecordComponent component : section.getRecordComponents()) {
            String key = prefix + snakeCase(component.getName());
            if (component.getType().isRecord()) {
                collect(key + ".", component.getType(), keys);
            } else {
                keys.put(key, component);
            }
        }
        return Collections.unmodifiableMap(keys);
    }

    private static Map<String, Object> valuesOf(String prefix, Object section, Map<String, Object> values) {
        for (RecordComponent component : section.getClass().getRecordComponents()) {
            String key = prefix + snakeCase(component.getName());
            Object value = read(component, section);
            if (component.getType().isRecord()) {
                valuesOf(key + ".", value, values);
            } else {
                values.put(key, value);
            }
        }
        return values;
    }

    private static Object recordOf(String prefix, Class<?> section, Map<String, Object> values) {
        RecordComponent[] components = section.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = prefix + snakeCase(components[i].getName());
            types[i] = components[i].getType();
            arguments[i] = types[i].isRecord() ? recordOf(key + ".", types[i], values) : values.get(key);
        }
        try {
            return section.getDeclaredConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Object read(RecordComponent component, Object section) {
        try {
            return component.getAccessor().invoke(section);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static String lastName(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
