package dev.changeling.cli;

import dev.changeling.bench.StepTimes;
import dev.changeling.error.InputException;
import dev.changeling.profile.TimedStep;
import dev.changeling.profile.TrainingRecording;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench recording}: the steps of a run that the Flight Recorder has seen. */
@Command(
        name = "recording",
        description = {
            "Tells how fast a run's steps were and where their time went, from a recording of the JDK's Flight Recorder.",
            "docs/performance.md tells how to record a run."
        },
        customSynopsis = "changeling bench recording FILE [OPTION]...",
        footer = {
            "%nExample:",
            "  changeling bench recording run.jfr",
        })
final class BenchRecordingCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A recording (.jfr).")
    private Path file;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "5",
            converter = PositiveConverter.class,
            description = "How many steps are left out, from the recording's begin. Default: ${DEFAULT-VALUE}.")
    private int warmup;

    @Mixin
    private JsonArgument json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<TimedStep> steps = TrainingRecording.read(file);
        if (steps.size() <= warmup) {
            throw new InputException(file + ": holds " + steps.size() + " training steps, expected more than the "
                    + warmup + " to warm up");
        }
        List<TimedStep> counted = steps.subList(warmup, steps.size());
        StepTimesView view = new StepTimesView(StepTimes.of(counted));
        PrintWriter out = spec.commandLine().getOut();
        if (json.isGiven()) {
            Map<String, Object> names = new LinkedHashMap<>();
            names.put("first_step", counted.get(0).step());
            names.put("steps", counted.size());
            names.put("replicas", counted.get(0).replicas());
            names.putAll(view.byName());
            JsonArgument.write(names, out);
        } else {
            out.println(String.format(
                    Locale.ROOT,
                    "%,d steps from step %,d on, device batches on %d threads at once",
                    counted.size(),
                    counted.get(0).step(),
                    counted.get(0).replicas()));
            out.println();
            view.lines().forEach(out::println);
        }
        return ExitCode.DONE;
    }
}
