package dev.changeling.cli;

import dev.changeling.bench.StepBench;
import dev.changeling.bench.StepReport;
import dev.changeling.config.RunConfig;
import dev.changeling.shard.Dataset;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench step}: training steps, and where their time goes. */
@Command(
        name = "step",
        description = {
            "Trains for some steps as pretrain does, throws the networks away, and tells how fast it was and where the"
                    + " time went. No run folder is needed and none is made.",
            "docs/performance.md explains each number."
        },
        customSynopsis = "changeling bench step --data FOLDER [--config PRESET|FILE] [OPTION]...",
        footer = {
            "%nExamples:",
            "  changeling bench step --config tiny --data shards/",
            "  changeling bench step --config small --data shards/ --set training.batch_size=16 --steps 10 --json"
        })
final class BenchStepCommand implements Callable<Integer> {
    private static final Duration MULTIPLYING = Duration.ofSeconds(1);

    @Option(names = "--data", required = true, paramLabel = "FOLDER", description = "A folder that prepare has made.")
    private Path data;

    @Mixin
    private ConfigArguments config;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "30",
            converter = PositiveConverter.class,
            description = "How many steps count. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "5",
            converter = PositiveConverter.class,
            description = "How many steps go before them. Default: ${DEFAULT-VALUE}.")
    private int warmup;

    @Mixin
    private JsonArgument json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        RunConfig settings = config.load();
        Dataset dataset = Dataset.open(data);
        StatusLine status = StatusLine.on(spec.commandLine().getErr());
        StepReport report;
        try {
            report = new StepBench(settings, dataset, warmup, steps, MULTIPLYING)
                    .run(done -> status.show(
                            () -> String.format(Locale.ROOT, "step %,d of %,d", done, (long) warmup + steps)));
        } finally {
            status.clear();
        }
        StepReportView view = new StepReportView(config.name(), settings, dataset.length(), report);
        PrintWriter out = spec.commandLine().getOut();
        if (json.isGiven()) {
            JsonArgument.write(view.byName(), out);
        } else {
            view.lines().forEach(out::println);
        }
        return ExitCode.DONE;
    }
}
