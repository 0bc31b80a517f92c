package dev.changeling.cli;

import dev.changeling.bench.Spread;
import dev.changeling.bench.StepReport;
import dev.changeling.bench.StepReport.MultiplyRates;
import dev.changeling.bench.StepReport.Setting;
import dev.changeling.bench.StepTimes;
import dev.changeling.bench.StepTimes.Part;
import dev.changeling.bench.UsefulFlops;
import dev.changeling.config.NetworkConfig;
import dev.changeling.config.RunConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code bench step} shows.
 *
 * @param name the preset or file
 * @param config what it says
 * @param length S, tokens a row
 * @param report what was measured
 */
record StepReportView(String name, RunConfig config, int length, StepReport report) {
    private static final int WIDEST_BAR = 40;
    private static final double GIGA = 1e9;
    private static final double MEGABYTE = 1 << 20;

    /** Returns the report for people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(setting());
        lines.add("");
        lines.addAll(speed());
        lines.add("");
        lines.addAll(phases());
        lines.add("");
        lines.addAll(multiplications());
        lines.add("");
        lines.addAll(memory());
        return lines;
    }

    private List<String> setting() {
        Setting setting = report.setting();
        int batch = config.training().batchSize();
        int deviceBatch = config.training().deviceBatchSize();
        return List.of(
                format(
                        "%s: discriminator %s, generator %s, %.1f M parameters, vocabulary %,d",
                        name,
                        shape(config.model().discriminator()),
                        shape(config.model().generator()),
                        setting.parameters() / 1e6,
                        setting.vocabulary()),
                format(
                        "on %s in %s with %s; a step is %s of %,d rows of %,d tokens, %s",
                        setting.device(),
                        precision(),
                        count(setting.threads(), "thread"),
                        count(batch / deviceBatch, "device batch"),
                        deviceBatch,
                        length,
                        setting.replicas() == 1 ? "one at a time" : setting.replicas() + " at once"),
                format(
                        "%s after %,d to warm up; %,.0f real tokens a step (the rest, %.1f %%, is padding), %,.0f of"
                                + " them masked",
                        count(report.times().steps().size(), "step"),
                        setting.warmup(),
                        report.tokensAStep(),
                        100 * (1 - report.tokensAStep() / ((double) batch * length)),
                        report.maskedAStep()));
    }

    private List<String> speed() {
        Spread tokens = report.tokensPerSecond();
        Spread millis = report.stepMillis();
        return List.of(
                line("real tokens a second", format("%,10.0f", tokens.median()), range(tokens, "%,.0f")),
                line("milliseconds a step", format("%,10.1f", millis.median()), range(millis, "%,.1f")));
    }

    private static String range(Spread spread, String number) {
        return "  median; from " + format(number, spread.least()) + " to " + format(number, spread.most());
    }

    private List<String> phases() {
        StepTimes times = report.times();
        List<String> lines = new ArrayList<>();
        lines.add(line("where the time goes", format("%10s", "ms a step"), format("%8s", "share")));
        for (Part part : Part.values()) {
            String share = format("%6.1f %%  ", 100 * times.share(part));
            lines.add(line("  " + part.label(), format("%,10.1f", times.millis(part)), share + bar(times.share(part))));
        }
        lines.add(line("  the mean step", format("%,10.1f", times.stepMillis()), format("%6.1f %%", 100.0)));
        return lines;
    }

    private static String bar(double share) {
        return "█".repeat((int) Math.round(WIDEST_BAR * Math.max(0, share)));
    }

    private List<String> multiplications() {
        UsefulFlops flops = report.meanFlops();
        MultiplyRates rates = report.multiplyRates();
        String parts = format(
                "  generator %.0f %%, its predictions %.0f %%, discriminator %.0f %%",
                100 * flops.generatorTrunk() / flops.forward(),
                100 * flops.generatorHead() / flops.forward(),
                100 * (flops.discriminatorTrunk() + flops.discriminatorHead()) / flops.forward());
        String measured = format(
                "  %s; the higher of %.1f before the steps and %.1f after", products(), rates.before(), rates.after());
        return List.of(
                "multiplications, forward and backward",
                line("  useful GFLOP a step", format("%10.1f", flops.step() / GIGA), parts),
                line(
                        "  useful GFLOP/s",
                        format("%10.1f", report.usefulGigaflops().median()),
                        "  median"),
                line("  the machine's GFLOP/s", format("%10.1f", rates.higher()), measured),
                line("  utilisation", format("%10.1f", 100 * report.utilisation()), "%"));
    }

    private String products() {
        Setting setting = report.setting();
        return setting.replicas() == 1 ? "one product at a time" : setting.replicas() + " products at once";
    }

    private List<String> memory() {
        Long peak = report.peakResidentBytes();
        return List.of(
                "memory",
                peak == null
                        ? line("  resident at most", format("%10s", "unknown"), "")
                        : line("  resident at most", format("%,10.0f", peak / MEGABYTE), "MB"),
                line("  Java heap, asked for a step", format("%10.2f", report.heapBytesAStep() / MEGABYTE), "MB"));
    }

    private static String line(String name, String number, String note) {
        return format("%-29s %s %s", name, number, note).stripTrailing();
    }

    /** Returns the report for programs. */
    Map<String, Object> byName() {
        Setting setting = report.setting();
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("config", name);
        names.put("device", setting.device());
        names.put("precision", precision());
        names.put("threads", setting.threads());
        names.put("replicas", setting.replicas());
        names.put("parameters", setting.parameters());
        names.put("vocabulary", setting.vocabulary());
        names.put("row_length", length);
        names.put("batch_size", config.training().batchSize());
        names.put("device_batch_size", config.training().deviceBatchSize());
        names.put("warmup", setting.warmup());
        names.put("steps", report.times().steps().size());
        names.put("tokens_per_step", report.tokensAStep());
        names.put("masked_per_step", report.maskedAStep());
        names.put("tokens_per_second", byName(report.tokensPerSecond()));
        names.put("step_ms", byName(report.stepMillis()));
        names.put("mean_step_ms", report.times().stepMillis());
        names.put("phases", phasesByName());
        names.put("data_wait_share", report.times().share(Part.DATA));
        names.put("useful_gflop_per_step", byName(report.meanFlops()));
        names.put("useful_gflops", byName(report.usefulGigaflops()));
        names.put("multiply_gflops", byName(report.multiplyRates()));
        names.put("flops_utilisation", report.utilisation());
        names.put("peak_resident_bytes", report.peakResidentBytes() == null ? "unknown" : report.peakResidentBytes());
        names.put("heap_bytes_per_step", report.heapBytesAStep());
        return names;
    }

    private static Map<String, Double> byName(Spread spread) {
        return ordered("median", spread.median(), "least", spread.least(), "most", spread.most());
    }

    private static Map<String, Double> byName(MultiplyRates rates) {
        return ordered("before", rates.before(), "after", rates.after(), "higher", rates.higher());
    }

    private static Map<String, Double> byName(UsefulFlops flops) {
        Map<String, Double> names = new LinkedHashMap<>();
        names.put("generator_trunk", 3 * flops.generatorTrunk() / GIGA);
        names.put("generator_head", 3 * flops.generatorHead() / GIGA);
        names.put("discriminator_trunk", 3 * flops.discriminatorTrunk() / GIGA);
        names.put("discriminator_head", 3 * flops.discriminatorHead() / GIGA);
        names.put("total", flops.step() / GIGA);
        return names;
    }

    private Map<String, Map<String, Double>> phasesByName() {
        Map<String, Map<String, Double>> names = new LinkedHashMap<>();
        for (Part part : Part.values()) {
            Map<String, Double> times = new LinkedHashMap<>();
            times.put("ms", report.times().millis(part));
            times.put("share", report.times().share(part));
            names.put(part.name().toLowerCase(Locale.ROOT), times);
        }
        return names;
    }

    private static Map<String, Double> ordered(String a, double x, String b, double y, String c, double z) {
        Map<String, Double> names = new LinkedHashMap<>();
        names.put(a, x);
        names.put(b, y);
        names.put(c, z);
        return names;
    }

    private String precision() {
        return config.training().precision().name().toLowerCase(Locale.ROOT);
    }

    private static String shape(NetworkConfig network) {
        return network.layers() + " × " + network.hiddenSize();
    }

    private static String count(int number, String what) {
        String plural = what.endsWith("h") ? "es" : "s";
        return format("%,d %s%s", number, what, number == 1 ? "" : plural);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
