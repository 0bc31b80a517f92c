package dev.changeling.report;

import dev.changeling.config.ConfigLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import tools.jackson.databind.json.JsonMapper;

/** Folders of runs that never were. */
final class TestRuns {
    static final int WARMUP = 100;

    private TestRuns() {}

    /** Writes a folder with a configuration and no numbers. */
    static Path empty(Path folder, int steps, String... variants) {
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("config.yaml"),
                    ConfigLoader.load(
                                    "tiny",
                                    List.of(variants),
                                    List.of("training.steps=" + steps, "schedule.warmup_steps=" + WARMUP))
                            .toYaml());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends a line. */
    static void add(Path file, Map<String, ?> line) {
        try {
            Files.writeString(
                    file,
                    JsonMapper.shared().writeValueAsString(line) + "\n",
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a run with numbers at every tenth step. */
    static Path of(Path folder, int steps, LongFunction<Map<String, Double>> numbers, String... variants) {
        empty(folder, steps, variants);
        for (long step = 10; step <= steps; step += 10) {
            add(folder.resolve("metrics.jsonl"), line(step, numbers.apply(step)));
        }
        return folder;
    }

    static Map<String, Object> line(long step, Map<String, Double> numbers) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        numbers.forEach((name, number) -> line.put(name, Double.isFinite(number) ? number : null));
        return line;
    }

    /** Returns numbers as a run has them in which all goes well. */
    static Map<String, Double> well(long step) {
        double left = Math.exp(-step / 300.0);
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("loss", 5.6 + 6 * left);
        numbers.put("mlm_loss", 3.7 + 5 * left);
        numbers.put("rtd_loss", .38 + .18 * left);
        numbers.put("mlm_accuracy", .36 * (1 - left));
        numbers.put("sampled_accuracy", .13 * (1 - left));
        numbers.put("replaced_fraction", .25 - .03 * (1 - left));
        numbers.put("rtd_auc", .82 - .3 * left);
        numbers.put("rtd_majority_loss", .562 - .04 * (1 - left));
        numbers.put("generator_entropy", 3.7 + 5 * left);
        return numbers;
    }

    /** Returns the same with some numbers in the place of others. */
    static Map<String, Double> but(long step, Map<String, Double> others) {
        Map<String, Double> numbers = well(step);
        numbers.putAll(others);
        return numbers;
    }

    /** Returns a line of {@code samples.jsonl} with one sequence, every second token masked. */
    static Map<String, Object> sample(long step, List<String> tokens, List<String> originals) {
        List<Object> masked = new java.util.ArrayList<>();
        List<Double> probabilities = new java.util.ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            masked.add(i % 2 == 0 ? null : originals.get(i));
            probabilities.add(i % 2 == 0 ? .1 : .9);
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("sequences", List.of(Map.of("tokens", tokens, "originals", masked, "probabilities", probabilities)));
        return line;
    }
}
