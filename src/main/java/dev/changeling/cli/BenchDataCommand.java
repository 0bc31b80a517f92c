package dev.changeling.cli;

import dev.changeling.bench.DataBench;
import dev.changeling.config.RunConfig;
import dev.changeling.shard.Dataset;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench data}: reading and masking batches, alone. */
@Command(
        name = "data",
        description =
                "Measures how fast batches are read from shards and masked, on one thread, with nothing else to do.",
        customSynopsis = "changeling bench data --data FOLDER [--config PRESET|FILE] [OPTION]...",
        footer = {"%nExample:", "  changeling bench data --data shards/ --config tiny"})
final class BenchDataCommand implements Callable<Integer> {
    @Option(names = "--data", required = true, paramLabel = "FOLDER", description = "A folder that prepare has made.")
    private Path data;

    @Mixin
    private ConfigArguments config;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            converter = PositiveConverter.class,
            description = "How long to measure, after a third of it to warm up. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Mixin
    private JsonArgument json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        RunConfig settings = config.load();
        long start = System.nanoTime();
        Dataset dataset = Dataset.open(data);
        double opening = (System.nanoTime() - start) / 1e9;
        Duration time = Duration.ofSeconds(seconds);
        DataBench.Report report = DataBench.run(settings, dataset, time.dividedBy(3), time);

        double rows = report.rows() / report.seconds();
        double tokens = report.tokens() / report.seconds();
        PrintWriter out = spec.commandLine().getOut();
        if (json.isGiven()) {
            Map<String, Object> names = new LinkedHashMap<>();
            names.put("config", config.name());
            names.put("row_length", dataset.length());
            names.put("rows_per_second", rows);
            names.put("tokens_per_second", tokens);
            names.put("masked_fraction", report.masked() / (double) report.tokens());
            names.put("opening_seconds", opening);
            JsonArgument.write(names, out);
        } else {
            line(
                    out,
                    "rows a second         %,12.0f   of %,d tokens, read and masked on one thread",
                    rows,
                    dataset.length());
            line(
                    out,
                    "real tokens a second  %,12.0f   %.1f %% of them masked",
                    tokens,
                    100.0 * report.masked() / report.tokens());
            line(
                    out,
                    "opening               %,12.2f   seconds, for the checksums of %,d training rows",
                    opening,
                    dataset.trainRows());
        }
        return ExitCode.DONE;
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
