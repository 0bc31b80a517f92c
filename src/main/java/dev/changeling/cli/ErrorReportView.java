package dev.changeling.cli;

import dev.changeling.evaluation.ErrorScores;
import dev.changeling.evaluation.ErrorTest;
import dev.changeling.evaluation.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * How well marked errors are found, for a person or a program.
 *
 * @param files by their names
 * @param all of them together
 */
record ErrorReportView(Map<String, ErrorTest> files, ErrorTest all) {
    private static final String ALL = "all";
    private static final int NAME = 20;
    private static final String HEAD = "%-" + NAME + "s %6s %13s %6s %6s %12s  %5s %6s  %5s %6s %6s";
    private static final String ROW =
            "%-" + NAME + "s %,6d  %4.1f (%2.0f-%2.0f) %6.1f %6.1f %+5.1f ± %-4.1f  %5.3f %6.3f  %5.2f %6.2f %6.2f";

    /** Returns a table, a row for each file and one for all. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("found: sentences in which the most suspected word is of the error, in % (95 % interval);");
        lines.add("rarest: had the rarest word been suspected; more: found more than that, in points");
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                HEAD,
                "",
                "n",
                "found",
                "rarest",
                "chance",
                "more",
                "AUC",
                "rarest",
                "rank",
                "rarest",
                "chance"));
        if (files.size() > 1) {
            files.forEach((name, test) -> lines.add(row(name, test)));
        }
        lines.add(row(ALL, all));
        if (all.leftOut() > 0) {
            lines.add("");
            lines.add(String.format(
                    Locale.ROOT, "left out: %,d sentences with no word in the error, or none outside", all.leftOut()));
        }
        return lines;
    }

    /** Returns the same as a JSON object for each file and one for all, whose source is null. */
    List<String> json() {
        List<String> lines = new ArrayList<>();
        files.forEach((name, test) -> lines.add(json(name, test)));
        lines.add(json(null, all));
        return lines;
    }

    private static String row(String source, ErrorTest test) {
        ErrorScores model = test.suspected();
        Interval found = model.hitInterval();
        Interval more = model.advantageOver(test.rarest());
        return String.format(
                Locale.ROOT,
                ROW,
                name(source),
                test.sentences(),
                100 * model.hitRate(),
                100 * found.low(),
                100 * found.high(),
                100 * test.rarest().hitRate(),
                100 * test.chanceHitRate(),
                100 * (more.low() + more.high()) / 2,
                100 * (more.high() - more.low()) / 2,
                model.auc(),
                test.rarest().auc(),
                model.meanRank(),
                test.rarest().meanRank(),
                test.chanceMeanRank());
    }

    private static String name(String source) {
        String name =
                Visible.line(String.valueOf(Path.of(source).getFileName())).replaceAll("\\.txt$", "");
        return name.length() <= NAME ? name : name.substring(0, NAME - 1) + "\u2026";
    }

    private static String json(@Nullable String source, ErrorTest test) {
        ErrorScores model = test.suspected();
        Interval found = model.hitInterval();
        Interval more = model.advantageOver(test.rarest());
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("source", source);
        json.put("sentences", test.sentences());
        json.put("left_out", test.leftOut());
        json.put("hit_rate", model.hitRate());
        json.put("hit_rate_low", found.low());
        json.put("hit_rate_high", found.high());
        json.put("rarest_hit_rate", test.rarest().hitRate());
        json.put("chance_hit_rate", test.chanceHitRate());
        // A mean of fewer than two has no interval, and JSON no NaN.
        json.put("advantage_low", Double.isNaN(more.low()) ? null : more.low());
        json.put("advantage_high", Double.isNaN(more.high()) ? null : more.high());
        json.put("auc", model.auc());
        json.put("rarest_auc", test.rarest().auc());
        json.put("mean_rank", model.meanRank());
        json.put("rarest_mean_rank", test.rarest().meanRank());
        json.put("chance_mean_rank", test.chanceMeanRank());
        return JsonMapper.shared().writeValueAsString(json);
    }
}
