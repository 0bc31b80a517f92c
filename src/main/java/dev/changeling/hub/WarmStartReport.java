package dev.changeling.hub;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What became of every tensor when a run started from networks that were trained before.
 *
 * @param entries in the order of the model's parameters, then what has no place in the model
 */
public record WarmStartReport(List<Entry> entries) {
    /** The file of {@link #json} in a run's folder. */
    public static final String FILE = "initialization.json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Pattern LAYER = Pattern.compile("\\.encoder\\.layer\\.\\d+\\..*");
    private static final Pattern EMBEDDINGS = Pattern.compile("\\.embeddings\\..*");
    private static final Pattern HEAD = Pattern.compile("predictions\\..*");

    /** Makes the list unmodifiable. */
    public WarmStartReport {
        entries = List.copyOf(entries);
    }

    /** What became of a tensor. */
    public enum Outcome {
        LOADED("loaded"),
        MADE_ANEW("made anew"),
        LEFT_OUT("left out");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }
    }

    /**
     * One tensor.
     *
     * @param outcome what became of it
     * @param tensor its name in the run, or in the file that it was left in
     * @param from the folder that it came from or stays in; empty if it was made anew
     * @param note more about it, or empty
     */
    public record Entry(Outcome outcome, String tensor, String from, String note) {}

    /** Returns the tensors' names by what became of them, as a JSON object. */
    public String json() {
        Map<String, List<Map<String, String>>> json = new LinkedHashMap<>();
        for (Outcome outcome : Outcome.values()) {
            json.put(outcome.words.replace(' ', '_'), items(outcome));
        }
        return JSON.writeValueAsString(json) + "\n";
    }

    /**
     * Returns the names of the tensors that a run was given.
     *
     * @param run its folder
     * @return none if it started from no network
     * @throws InputException if the file is damaged
     */
    public static Set<String> loadedInto(Path run) {
        Path file = run.resolve(FILE);
        if (Files.notExists(file)) {
            return Set.of();
        }
        try {
            return JSON.readTree(Files.readAllBytes(file))
                    .path(Outcome.LOADED.words)
                    .valueStream()
                    .map(item -> item.path("tensor").asString(""))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } catch (JacksonException e) {
            throw new InputException(file + ": not JSON; expected what became of each tensor", e);
        }
    }

    private List<Map<String, String>> items(Outcome outcome) {
        List<Map<String, String>> items = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.outcome() != outcome) {
                continue;
            }
            Map<String, String> item = new LinkedHashMap<>();
            item.put("tensor", entry.tensor());
            if (!entry.from().isEmpty()) {
                item.put("from", entry.from());
            }
            if (!entry.note().isEmpty()) {
                item.put("note", entry.note());
            }
            items.add(item);
        }
        return items;
    }

    /** Returns the same in a line for each part of the networks, for a person. */
    public List<String> lines() {
        Map<List<String>, List<Entry>> groups = new LinkedHashMap<>();
        for (Entry entry : entries) {
            List<String> key = List.of(entry.outcome().words, part(entry.tensor()), entry.from(), entry.note());
            groups.computeIfAbsent(key, unused -> new ArrayList<>()).add(entry);
        }
        List<String> lines = new ArrayList<>();
        groups.forEach((key, group) -> lines.add(String.format(
                Locale.ROOT,
                "%-9s  %s%s%s%s",
                key.get(0),
                // A file may call its tensors anything, and a terminal obeys control characters.
                (group.size() == 1 ? group.get(0).tensor() : key.get(1)).replaceAll("\\p{Cntrl}", "?"),
                group.size() == 1 ? "" : String.format(Locale.ROOT, " (%d tensors)", group.size()),
                key.get(2).isEmpty() ? "" : "  " + key.get(2),
                key.get(3).isEmpty() ? "" : ": " + key.get(3))));
        return lines;
    }

    private static String part(String tensor) {
        String part = LAYER.matcher(tensor).replaceFirst(".encoder.layer.*");
        part = EMBEDDINGS.matcher(part).replaceFirst(".embeddings.*");
        return HEAD.matcher(part).replaceFirst("predictions.*");
    }
}
