package dev.changeling.checkpoint;

import dev.changeling.disk.Disk;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code provenance.json}: one entry for each start of a run or a fine-tuning, the first one first. */
public final class ProvenanceFile {
    /** Its name in a folder. */
    public static final String NAME = "provenance.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private ProvenanceFile() {}

    private record Starts(List<Provenance> starts) {}

    /**
     * Adds a start; the file is made if there is none.
     *
     * @throws InputException if the file is not one of provenance
     */
    public static void add(Path file, Provenance provenance, Disk disk) throws IOException {
        List<Provenance> starts = new ArrayList<>(read(file));
        starts.add(provenance);
        disk.replace(file, (JSON.writeValueAsString(new Starts(starts)) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** @throws InputException if the run was started on other data */
    static void refuseOtherInputs(Path file, Map<String, String> inputs) throws IOException {
        List<Provenance> starts = read(file);
        if (starts.isEmpty() || starts.get(0).inputs().equals(inputs)) {
            return;
        }
        Map<String, String> before = starts.get(0).inputs();
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(inputs.keySet());
        names.removeIf(name -> before.containsKey(name) && before.get(name).equals(inputs.get(name)));
        throw new InputException(
                file + ": the run was started on other data, expected the same " + String.join(", ", names));
    }

    /**
     * Returns the hashes of what was first started on, by their names; empty if that is not known.
     *
     * @throws InputException if the file is not one of provenance
     */
    public static Map<String, String> inputs(Path file) throws IOException {
        List<Provenance> starts = read(file);
        return starts.isEmpty() ? Map.of() : starts.get(0).inputs();
    }

    /** Returns the last start; empty if none is known. */
    static Optional<Provenance> last(Path file) throws IOException {
        List<Provenance> starts = read(file);
        return starts.isEmpty() ? Optional.empty() : Optional.of(starts.get(starts.size() - 1));
    }

    /** Returns every start, the first one first; none if the file is gone. */
    static List<Provenance> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            byte[] content = Files.readAllBytes(file);
            JsonNode tree = JSON.readTree(content);
            return addWhatOlderFilesLack(tree)
                    ? JSON.treeToValue(tree, Starts.class).starts()
                    : JSON.readValue(content, Starts.class).starts();
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } catch (JacksonException e) {
            throw new InputException(file + ": not a provenance file: " + e.getOriginalMessage(), e);
        }
    }

    /** Returns whether there was anything to add. */
    private static boolean addWhatOlderFilesLack(JsonNode file) {
        boolean lacking = false;
        for (JsonNode start : file.path("starts")) {
            if (start instanceof ObjectNode entry && !entry.has("device") && !entry.has("threads")) {
                entry.put("device", "");
                entry.put("threads", 0);
                lacking = true;
            }
            if (start instanceof ObjectNode entry && !entry.has("sizes")) {
                entry.putObject("sizes");
                lacking = true;
            }
        }
        return lacking;
    }
}
