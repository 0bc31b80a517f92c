package dev.changeling.task;

import dev.changeling.error.InputException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a task, each with an id: its place in a fixed order, from 0. Labels that were found are in the order of
 * their numbers if all are numbers, otherwise in that of their UTF-16 units.
 */
public final class Labels {
    /** How many labels a message lists. */
    private static final int SHOWN = 20;

    private final List<String> names;
    private final Map<String, Integer> ids = new HashMap<>();

    /**
     * @param names in the order of their ids, as a model's configuration has them
     * @throws IllegalArgumentException if there is none, or one stands twice
     */
    public Labels(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no labels");
        }
        this.names = List.copyOf(names);
        for (String name : names) {
            if (ids.put(name, ids.size()) != null) {
                throw new IllegalArgumentException("the label " + name + " stands twice");
            }
        }
    }

    /**
     * Returns the labels of examples.
     *
     * @throws InputException if none of them has any
     */
    public static Labels of(List<TextExample> examples) {
        String source = examples.isEmpty() ? "no examples" : examples.get(0).source();
        return found(source, examples.stream().flatMap(example -> example.labels().stream()));
    }

    /**
     * Returns the tags of sentences.
     *
     * @throws InputException if none of them has any
     */
    public static Labels ofTags(List<TaggedSentence> sentences) {
        String source = sentences.isEmpty() ? "no sentences" : sentences.get(0).source();
        return found(source, sentences.stream().flatMap(sentence -> sentence.tags().stream()));
    }

    private static Labels found(String source, Stream<String> all) {
        List<String> names = all.distinct().sorted().toList();
        if (names.isEmpty()) {
            throw new InputException(source + ": no label in it; expected some to learn");
        }
        boolean numbers = names.stream().allMatch(name -> number(name) != null);
        return new Labels(
                numbers
                        ? names.stream()
                                .sorted(Comparator.comparingDouble(Double::parseDouble))
                                .toList()
                        : names);
    }

    /**
     * Returns what a label says as a number, for regression.
     *
     * @param where it stands, for the message: {@code train.tsv, line 7}
     * @throws InputException if it is no finite number, or none that a 32-bit float, which a network computes with,
     *     holds
     */
    public static double number(String label, String where) {
        Double number = number(label);
        if (number == null) {
            throw new InputException(where + ": label \"" + label + "\"; expected a number");
        }
        if (Float.isInfinite(number.floatValue())) {
            throw new InputException(where + ": label \"" + label + "\"; expected a number that a 32-bit float holds");
        }
        return number;
    }

    private static @Nullable Double number(String label) {
        // Java's own suffixes and hexadecimals are no numbers to anybody else.
        if (!label.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")) {
            return null;
        }
        double number = Double.parseDouble(label);
        return Double.isFinite(number) ? number : null;
    }

    /** Returns how many there are. */
    public int size() {
        return names.size();
    }

    /** Returns all, in the order of their ids. */
    public List<String> names() {
        return names;
    }

    /** Returns the label with an id. */
    public String name(int id) {
        return names.get(id);
    }

    /**
     * Returns the id of a label.
     *
     * @param where it stands, for the message: {@code dev.tsv, line 7}
     * @throws InputException if it is none of these
     */
    public int id(String name, String where) {
        Integer id = ids.get(name);
        if (id == null) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: label \"%s\" is not known; expected one of %s%s",
                    where,
                    name,
                    String.join(", ", names.subList(0, Math.min(SHOWN, names.size()))),
                    names.size() > SHOWN ? String.format(Locale.ROOT, " and %,d more", names.size() - SHOWN) : ""));
        }
        return id;
    }
}
