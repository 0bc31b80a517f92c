package dev.changeling.metrics;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code metrics.jsonl}: the numbers of a step as one JSON object a line, {@code step} first, handed to the operating
 * system line by line, so that it survives the process.
 *
 * <p>JSON has no NaN and no infinity; they are written as {@code null}, which readers of tables take for a missing
 * number, where a string would turn the whole column into text.
 */
public final class JsonLines implements MetricsSink {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final StepLines lines;

    private JsonLines(StepLines lines) {
        this.lines = lines;
    }

    /**
     * Opens a file to append to. What a killed run wrote after its last checkpoint is cut off, and a torn last line
     * too.
     *
     * @param lastStep lines of later steps are removed; 0 for a fresh start
     * @throws InputException if the file can't be written, or a whole line isn't one of ours
     */
    public static JsonLines open(Path file, long lastStep) {
        return new JsonLines(StepLines.open(file, lastStep));
    }

    /**
     * Finds the last line with a number, which a process may be writing more of.
     *
     * @param name of the number
     * @param lastStep lines of later steps are passed over
     * @return all numbers of that line, {@code null} as NaN; empty if there is no such line or no file
     * @throws InputException if the file can't be read, or a whole line with that name isn't one of ours
     */
    public static Optional<Metrics> last(Path file, String name, long lastStep) {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        Optional<Metrics> last = Optional.empty();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 1;
            String line = reader.readLine();
            while (line != null) {
                String next = reader.readLine();
                boolean torn = next == null && !line.endsWith("}");
                if (!torn && line.contains('"' + name + '"') && StepLines.stepOf(line, file, number) <= lastStep) {
                    last = Optional.of(numbersOf(line));
                }
                line = next;
                number++;
            }
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
        return last;
    }

    private static Metrics numbersOf(String line) {
        JsonNode object = JSON.readTree(line);
        Metrics.Builder metrics = Metrics.at(object.path("step").longValue());
        object.properties().forEach(property -> {
            JsonNode value = property.getValue();
            if (property.getKey().equals("step")) {
                return;
            }
            if (value.isIntegralNumber()) {
                metrics.put(property.getKey(), value.longValue());
            } else {
                metrics.put(property.getKey(), value.isNumber() ? value.doubleValue() : Double.NaN);
            }
        });
        return metrics.build();
    }

    @Override
    public void write(Metrics metrics) {
        ObjectNode object = StepLines.object(metrics.step());
        metrics.values().forEach((name, number) -> {
            if (!Double.isFinite(number.doubleValue())) {
                object.putNull(name);
            } else if (number instanceof Long integer) {
                object.put(name, integer);
            } else {
                object.put(name, number.doubleValue());
            }
        });
        lines.write(object);
    }

    @Override
    public void close() {
        lines.close();
    }
}
