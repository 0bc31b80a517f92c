package dev.changeling.cli;

import dev.changeling.server.ServerSettings;
import dev.changeling.server.TextServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: a model behind HTTP. */
@Command(
        name = "serve",
        description = {
            "Answers questions about texts over HTTP, and shows a page to people.",
            "Ctrl-C or SIGTERM finishes what it has taken and ends it."
        },
        customSynopsis = "changeling serve --model FOLDER [OPTION]...",
        footer = {
            "%nExamples:",
            "  changeling serve --model run/model/discriminator",
            "  CHANGELING_TOKEN=$(cat token) changeling serve --model run/model/discriminator --port 9000",
            "  curl -H 'Content-Type: application/json' -d '{\"text\": \"the cat barked\"}' localhost:8080/detect"
        })
final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "FOLDER",
            description =
                    "A run's model/discriminator, the model folder that finetune has made, or any ELECTRA of Hugging Face's"
                            + " form; the server offers what it can do.")
    private Path model;

    @ArgGroup
    private GeneratorArgument generator = new GeneratorArgument();

    @Mixin
    private NoneThresholdArgument none = new NoneThresholdArgument();

    @Mixin
    private ListenArguments listen;

    @Mixin
    private LimitArguments limits;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ServerSettings settings = listen.settings(model.toString(), limits.read());
        PrintWriter out = spec.commandLine().getOut();
        try (ServedModel served = ServedModel.load(
                model, generator, none.threshold(), spec.commandLine().getErr())) {
            ServingSession session =
                    new ServingSession(TextServer.start(settings, served.services(), served.missing()));
            out.println("serving " + model + " at " + session.uri());
            out.flush();
            ListenArguments.warnings(settings).forEach(spec.commandLine().getErr()::println);
            session.serve();
        }
        return ExitCode.DONE;
    }
}
