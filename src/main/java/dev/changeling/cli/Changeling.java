package dev.changeling.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
        subcommands = {
            QuickstartCommand.class,
            VocabCommand.class,
            PrepareCommand.class,
            PretrainCommand.class,
            EvaluateCommand.class,
            ReportCommand.class,
            FineTuneCommand.class,
            StudyCommand.class,
            PredictCommand.class,
            DetectCommand.class,
            EmbedCommand.class,
            ServeCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            BenchCommand.class,
            DoctorCommand.class
        },
        versionProvider = Versions.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpWidth = 100,
        commandListHeading = "%nVerbs:%n",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%nParameters:%n",
        footer = "%nchangeling VERB --help says more about a verb.")
final class Changeling implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the versions of this program, the engine and Java, and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

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
        CommandLine commandLine = parserOf(changeling)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((failure, given) -> explainUsage(failure))
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> explain(failure, command, changeling.verbose));
        commandLine.setExecutionStrategy(parsed -> {
            // picocli lets an unknown verb pass if help is asked for, and would explain the program in its place.
            for (CommandLine command : parsed.asCommandLineList()) {
                if (!command.getUnmatchedArguments().isEmpty()) {
                    throw new UnmatchedArgumentException(command, command.getUnmatchedArguments());
                }
            }
            if (changeling.verbose) {
                // Read by logback.xml when the first logger is made, which is after this.
                System.setProperty("changeling.log", "DEBUG");
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        try {
            return commandLine.execute(arguments);
        } catch (Throwable failure) { // errors, which picocli lets pass
            return Failure.report(failure, err, changeling.verbose);
        }
    }

    /** Returns what reads the options of a command, or of one verb alone. */
    static CommandLine parserOf(Object command) {
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, new PathConverter())
                .registerConverter(long.class, new NumberConverter.Whole())
                .registerConverter(Long.class, new NumberConverter.Whole())
                .registerConverter(double.class, new NumberConverter.Decimal())
                .registerConverter(Double.class, new NumberConverter.Decimal());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a verb is missing");
    }

    private static int explainUsage(ParameterException thrown) {
        CommandLine command = thrown.getCommandLine();
        // picocli misses a required option before it wonders what a misspelt one is; people want to hear of the latter.
        List<String> unmatched = command.getUnmatchedArguments();
        ParameterException failure = unmatched.isEmpty() ? thrown : new UnmatchedArgumentException(command, unmatched);
        PrintWriter err = command.getErr();
        // picocli begins some of its messages, not all, with this.
        err.println("changeling: " + String.valueOf(failure.getMessage()).replaceFirst("^Error: ", ""));
        UnmatchedArgumentException.printSuggestions(failure, err);
        pointToHelp(command);
        return ExitCode.USAGE;
    }

    private static int explain(Exception failure, CommandLine command, boolean verbose) {
        int code = Failure.report(failure, command.getErr(), verbose);
        if (code == ExitCode.USAGE) {
            pointToHelp(command);
        }
        return code;
    }

    private static void pointToHelp(CommandLine command) {
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
}
