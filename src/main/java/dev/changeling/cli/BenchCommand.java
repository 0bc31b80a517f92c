package dev.changeling.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: how fast the parts are on this machine. */
@Command(
        name = "bench",
        description = "Measures how fast the parts are on this machine, and where a training step's time goes.",
        synopsisSubcommandLabel = "WHAT",
        commandListHeading = "%nWhat:%n",
        subcommands = {
            BenchStepCommand.class,
            BenchGemmCommand.class,
            BenchDataCommand.class,
            BenchTokenizerCommand.class,
            BenchVocabCommand.class,
            BenchRecordingCommand.class,
            BenchEmbedCommand.class
        },
        footer = {
            "%nExamples:",
            "  changeling bench step --config tiny --data shards/",
            "  changeling bench step --help"
        })
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to measure is missing; expected one of "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
