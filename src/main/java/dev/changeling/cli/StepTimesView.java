package dev.changeling.cli;

import dev.changeling.bench.StepTimes;
import dev.changeling.bench.StepTimes.Part;
import dev.changeling.evaluation.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How fast steps were and where their time went, for people and for programs. */
record StepTimesView(StepTimes times) {
    private static final int WIDEST_BAR = 40;

    /** Returns the times for people. */
    List<String> lines() {
        Spread tokens = times.tokensPerSecond();
        Spread millis = times.millisAStep();
        List<String> lines = new ArrayList<>();
        lines.add(line("real tokens a second", format("%,10.0f", tokens.median()), range(tokens, "%,.0f")));
        lines.add(line("milliseconds a step", format("%,10.1f", millis.median()), range(millis, "%,.1f")));
        lines.add("");
        lines.add(line("where the time goes", format("%10s", "ms a step"), format("%8s", "share")));
        for (Part part : Part.values()) {
            String share = format("%6.1f %%  ", 100 * times.share(part));
            lines.add(line("  " + part.label(), format("%,10.1f", times.millis(part)), share + bar(times.share(part))));
        }
        lines.add(line("  the mean step", format("%,10.1f", times.stepMillis()), format("%6.1f %%", 100.0)));
        return lines;
    }

    private static String range(Spread spread, String number) {
        return "  median; from " + format(number, spread.least()) + " to " + format(number, spread.most());
    }

    private static String bar(double share) {
        return "█".repeat((int) Math.round(WIDEST_BAR * Math.max(0, share)));
    }

    /** Returns a line of a table: what, how much, and what else there is to say. */
    static String line(String name, String number, String note) {
        return format("%-29s %s %s", name, number, note).stripTrailing();
    }

    /** Returns the times for programs. */
    Map<String, Object> byName() {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("tokens_per_second", byName(times.tokensPerSecond()));
        names.put("step_ms", byName(times.millisAStep()));
        names.put("mean_step_ms", times.stepMillis());
        Map<String, Map<String, Double>> phases = new LinkedHashMap<>();
        for (Part part : Part.values()) {
            Map<String, Double> phase = new LinkedHashMap<>();
            phase.put("ms", times.millis(part));
            phase.put("share", times.share(part));
            phases.put(part.name().toLowerCase(Locale.ROOT), phase);
        }
        names.put("phases", phases);
        names.put("data_wait_share", times.share(Part.DATA));
        return names;
    }

    /** Returns a spread for programs. */
    static Map<String, Double> byName(Spread spread) {
        Map<String, Double> names = new LinkedHashMap<>();
        names.put("median", spread.median());
        names.put("least", spread.least());
        names.put("most", spread.most());
        return names;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
