package dev.changeling.cli;

import dev.changeling.inference.Classification;
import dev.changeling.inference.Classifier;
import dev.changeling.inference.LabelProbability;
import dev.changeling.inference.Regressor;
import dev.changeling.inference.TextPair;
import dev.changeling.server.Service;
import dev.changeling.server.TextInput;
import dev.changeling.task.TableColumns;
import dev.changeling.task.TableReader;
import dev.changeling.task.TextExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Labels or numbers of texts, or of pairs of texts.
 *
 * @param network what is asked
 * @param judge returns named values for each text
 */
record TextPredictions(AutoCloseable network, Function<List<TextPair>, List<Map<String, Object>>> judge)
        implements Predictions {

    static TextPredictions ofClassifier(Path model) throws IOException {
        Classifier classifier = Classifier.load(model);
        return new TextPredictions(
                classifier,
                texts -> classifier.classifyPairs(texts).stream()
                        .map(one -> labels(one, classifier.isMultiLabel()))
                        .toList());
    }

    private static Map<String, Object> labels(Classification one, boolean several) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (several) {
            values.put("labels", one.likely());
        } else {
            values.put("label", one.label());
            values.put("probability", one.probability());
        }
        Map<String, Double> probabilities = new LinkedHashMap<>();
        for (LabelProbability label : one.labels()) {
            probabilities.put(label.label(), label.probability());
        }
        values.put("probabilities", probabilities);
        return values;
    }

    static TextPredictions ofRegressor(Path model) throws IOException {
        Regressor regressor = Regressor.load(model);
        return new TextPredictions(
                regressor,
                texts -> regressor.estimate(texts).stream()
                        .map(number -> Map.<String, Object>of("value", number))
                        .toList());
    }

    @Override
    public Service.Companion companion() {
        return new Service.Companion("second", "The second text, if the model judges pairs.", false);
    }

    @Override
    public List<Map<String, Object>> of(List<TextInput> inputs) {
        return rows(inputs.stream()
                .map(input -> new TextPair(input.text(), input.companion()))
                .toList());
    }

    private List<Map<String, Object>> rows(List<TextPair> texts) {
        List<Map<String, Object>> judged = judge.apply(texts);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < judged.size(); i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("text", texts.get(i).first());
            String second = texts.get(i).second();
            if (second != null) {
                row.put("second", second);
            }
            row.putAll(judged.get(i));
            rows.add(row);
        }
        return rows;
    }

    @Override
    public void read(Path file, List<String> columns, int chunk, Consumer<Map<String, Object>> rows)
            throws IOException {
        try (TableReader reader = TableReader.open(file, TableColumns.withoutLabels(columns))) {
            List<TextPair> texts = new ArrayList<>();
            for (TextExample example = reader.next(); example != null; example = reader.next()) {
                texts.add(new TextPair(example.first(), example.second()));
                if (texts.size() == chunk) {
                    rows(texts).forEach(rows);
                    texts.clear();
                }
            }
            rows(texts).forEach(rows);
        }
    }

    @Override
    public String line(Map<String, Object> row) {
        String text = row.get("text") + (row.containsKey("second") ? " | " + row.get("second") : "");
        if (row.containsKey("value")) {
            return String.format(Locale.ROOT, "%9.4f  %s", Predictions.number(row, "value"), text);
        }
        if (row.get("labels") instanceof List<?> labels) {
            return String.format(Locale.ROOT, "%s  %s", labels.isEmpty() ? "(none)" : listed(labels), text);
        }
        return String.format(
                Locale.ROOT, "%s %.2f  %s", row.get("label"), Predictions.number(row, "probability"), text);
    }

    private static String listed(List<?> labels) {
        return String.join(", ", labels.stream().map(String::valueOf).toList());
    }

    @Override
    public void close() {
        try {
            network.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
