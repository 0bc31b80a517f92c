package dev.changeling.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command that all verbs hang from. */
@Command(
        name = "changeling",
        description = "Pre-trains text encoders by replaced token detection.",
        synopsisSubcommandLabel = "VERB",
        subcommands = {DoctorCommand.class},
        versionProvider = Versions.class,
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        commandListHeading = "%nVerbs:%n",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%nParameters:%n",
        footer = "%nchangeling VERB --help says more about a verb.")
final class Changeling implements Runnable {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show log messages and stack traces.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    /**
     * Runs one verb.
     *
     * @param out where results go
     * @param err where messages go
     * @return the exit code
     */
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        Changeling changeling = new Changeling();
        CommandLine commandLine = new CommandLine(changeling)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((failure, given) -> explainUsage(failure))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    throw failure;
                });
        commandLine.setExecutionStrategy(parsed -> {
            if (changeling.verbose) {
                // Read by logback.xml when the first logger is made, which is after this.
                System.setProperty("changeling.log", "DEBUG");
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        try {
            return commandLine.execute(arguments);
        } catch (Throwable failure) {
            return Failure.report(failure, err, changeling.verbose);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a verb is missing");
    }

    private static int explainUsage(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("changeling: " + failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }
}
