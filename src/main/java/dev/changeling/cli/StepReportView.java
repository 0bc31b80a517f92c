package dev.changeling.cli;

import dev.changeling.bench.StepReport;
import dev.changeling.bench.StepReport.MultiplyRates;
import dev.changeling.bench.StepReport.Setting;
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
    private static final double GIGA = 1e9;
    private static final double MEGABYTE = 1e6;

    /** Returns the report for people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(setting());
        lines.add("");
        lines.addAll(times().lines());
        lines.add("");
        lines.addAll(multiplications());
        lines.add("");
        lines.addAll(use());
        return lines;
    }

    private StepTimesView times() {
        return new StepTimesView(report.times());
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
                        "%s after %,d to warm up; %,.0f real tokens a step, %,.0f of them masked; %.1f %% is padding",
                        count(report.times().steps().size(), "step"),
                        setting.warmup(),
                        report.tokensAStep(),
                        report.maskedAStep(),
                        100 * (1 - report.tokensAStep() / ((double) batch * length))));
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
                StepTimesView.line("  useful GFLOP a step", format("%10.1f", flops.step() / GIGA), parts),
                StepTimesView.line(
                        "  useful GFLOP/s",
                        format("%10.1f", report.usefulGigaflops().median()),
                        "  median"),
                StepTimesView.line("  the machine's GFLOP/s", format("%10.1f", rates.higher()), measured),
                StepTimesView.line("  utilisation", format("%10.1f", 100 * report.utilisation()), "%"));
    }

    private String products() {
        Setting setting = report.setting();
        return setting.replicas() == 1 ? "one product at a time" : setting.replicas() + " products at once";
    }

    private List<String> use() {
        Long peak = report.use().peakResidentBytes();
        return List.of(
                "processors and memory",
                StepTimesView.line(
                        "  processor ms a step",
                        format("%,10.1f", report.use().cpuMillisAStep()),
                        format(
                                "  %.0f %% of the time of %s",
                                100 * report.cpuShare(), count(report.setting().threads(), "thread"))),
                peak == null
                        ? StepTimesView.line("  resident at most", format("%10s", "unknown"), "")
                        : StepTimesView.line("  resident at most", format("%,10.0f", peak / MEGABYTE), "MB"),
                StepTimesView.line(
                        "  Java heap, asked for a step",
                        format("%10.2f", report.use().heapBytesAStep() / MEGABYTE),
                        "MB"));
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
        names.putAll(times().byName());
        names.put("useful_gflop_per_step", byName(report.meanFlops()));
        names.put("useful_gflops", StepTimesView.byName(report.usefulGigaflops()));
        names.put("multiply_gflops", byName(report.multiplyRates()));
        names.put("flops_utilisation", report.utilisation());
        Long peak = report.use().peakResidentBytes();
        names.put("cpu_ms_per_step", report.use().cpuMillisAStep());
        names.put("cpu_share", report.cpuShare());
        names.put("peak_resident_bytes", peak == null ? "unknown" : peak);
        names.put("heap_bytes_per_step", report.use().heapBytesAStep());
        return names;
    }

    private static Map<String, Double> byName(MultiplyRates rates) {
        Map<String, Double> names = new LinkedHashMap<>();
        names.put("before", rates.before());
        names.put("after", rates.after());
        names.put("higher", rates.higher());
        return names;
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
