package dev.changeling.report;

import dev.changeling.checkpoint.Provenance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the page shows, as the JSON that its script reads.
 *
 * @param live whether the page is to ask for more
 * @param runs in the order in which they were named
 * @param scores of all runs, a row each
 * @param settings that are shown, a row each: all of one run, those that differ of several
 */
record ReportData(boolean live, List<Run> runs, List<ScoreRow> scores, List<SettingRow> settings) {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /**
     * A run.
     *
     * @param condition in words
     * @param networks that it has
     */
    record Run(
            String name,
            long step,
            long plannedSteps,
            long warmupSteps,
            String state,
            String condition,
            List<Finding> findings,
            List<String> networks,
            String scoresOf,
            List<List<Long>> grids,
            Map<String, Curve> series,
            List<Samples> samples,
            List<Provenance> starts,
            Map<String, String> settings) {}

    record Finding(String words, boolean found, String numbers) {}

    /**
     * A curve.
     *
     * @param grid which of the run's lists of steps it has
     * @param min absent where every point is one value
     */
    record Curve(
            int grid,
            List<Double> mean,
            @Nullable List<Double> min,
            @Nullable List<Double> max) {}

    record Samples(long step, List<Row> sequences) {}

    record Row(List<String> tokens, List<@Nullable String> originals, List<@Nullable Double> probabilities) {}

    record ScoreRow(
            String name, String network, String label, String unit, String better, List<@Nullable Double> values) {}

    record SettingRow(String key, List<String> values) {}

    static ReportData of(List<RunHistory> histories, boolean live) {
        List<String> names = RunNames.of(histories.stream()
                .map(RunHistory::folder)
                .map(Path::toAbsolutePath)
                .toList());
        List<FinalScores> scores = histories.stream().map(FinalScores::of).toList();
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < histories.size(); i++) {
            runs.add(run(names.get(i), histories.get(i), scores.get(i)));
        }
        return new ReportData(live, runs, scoreRows(scores), settingRows(histories));
    }

    private static Run run(String name, RunHistory history, FinalScores scores) {
        Health health = Health.of(history);
        Set<List<Long>> grids = new LinkedHashSet<>();
        Map<String, Curve> curves = new LinkedHashMap<>();
        history.series().forEach((number, series) -> {
            List<Series.Point> points = series.points();
            List<Long> steps = points.stream().map(Series.Point::lastStep).toList();
            grids.add(steps);
            boolean thinned = points.stream().anyMatch(point -> point.count() > 1);
            curves.put(
                    number,
                    new Curve(
                            new ArrayList<>(grids).indexOf(steps),
                            Numbers.of(points, Series.Point::mean),
                            thinned ? Numbers.of(points, Series.Point::min) : null,
                            thinned ? Numbers.of(points, Series.Point::max) : null));
        });
        return new Run(
                name,
                history.lastStep(),
                history.plannedSteps(),
                history.warmupSteps(),
                health.condition().name().toLowerCase(java.util.Locale.ROOT),
                health.condition().words(),
                health.checks().stream()
                        .map(check -> new Finding(check.words(), check.found(), check.numbers()))
                        .toList(),
                history.game().networks(),
                (scores.heldOut() ? "held-out text, step " : "training, mean up to step ")
                        + Amount.steps(scores.step()),
                new ArrayList<>(grids),
                curves,
                history.samples().stream().map(ReportData::samples).toList(),
                history.starts(),
                history.settings());
    }

    private static Samples samples(SampledStep step) {
        return new Samples(
                step.step(),
                step.sequences().stream()
                        .map(sequence -> new Row(
                                sequence.tokens(),
                                sequence.originals(),
                                Numbers.probabilities(sequence.probabilities())))
                        .toList());
    }

    private static List<ScoreRow> scoreRows(List<FinalScores> scores) {
        List<ScoreRow> rows = new ArrayList<>();
        for (Score score : FinalScores.SCORES) {
            List<@Nullable Double> values = new ArrayList<>();
            scores.forEach(run -> values.add(run.values().get(score.name())));
            if (values.stream().anyMatch(value -> value != null)) {
                rows.add(new ScoreRow(
                        score.name(),
                        score.network(),
                        score.label(),
                        score.unit(),
                        score.better().name().toLowerCase(java.util.Locale.ROOT),
                        values));
            }
        }
        return rows;
    }

    private static List<SettingRow> settingRows(List<RunHistory> histories) {
        Set<String> keys = new LinkedHashSet<>();
        histories.forEach(history -> keys.addAll(history.settings().keySet()));
        return keys.stream()
                .map(key -> new SettingRow(
                        key,
                        histories.stream()
                                .map(history -> history.settings().getOrDefault(key, "–"))
                                .toList()))
                .filter(row -> histories.size() == 1
                        || row.values().stream().distinct().count() > 1)
                .toList();
    }

    String json() {
        return JSON.writeValueAsString(this);
    }
}
