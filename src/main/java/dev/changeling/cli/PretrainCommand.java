package dev.changeling.cli;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.NetworkConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.evaluation.HeldOutLine;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.metrics.ConsoleProgress;
import dev.changeling.pretraining.PretrainingRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pretrain}: trains generator and discriminator jointly. */
@Command(
        name = "pretrain",
        description = {
            "Trains generator and discriminator jointly on prepared shards.",
            "Ctrl-C finishes the step and saves; --resume goes on as if nothing had happened."
        },
        customSynopsis = "changeling pretrain --config PRESET|FILE --data FOLDER --out FOLDER [OPTION]...",
        footer = {
            "%nExamples:",
            "  changeling pretrain --config tiny --data shards/ --out run/ --dashboard 8080",
            "  changeling pretrain --config tiny --variant gdes --data shards/ --out run/",
            "  changeling pretrain --config imported/pretrain.yaml --init-from imported --data shards/ --out run/",
            "  changeling pretrain --config my.yaml --data shards/ --out run/ --set training.steps=20000 --resume"
        })
final class PretrainCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "PRESET|FILE",
            description =
                    "debug, tiny, quickstart, small, base, large, or a YAML file that may begin with one of them.")
    private String config;

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            description =
                    "Another objective, laid over the configuration: ${COMPLETION-CANDIDATES}. May be given again."
                            + " docs/objectives.md tells what each is.",
            completionCandidates = Variants.class)
    private List<String> variants = new ArrayList<>();

    @Option(names = "--data", required = true, paramLabel = "FOLDER", description = "A folder that prepare has made.")
    private Path data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "The run's folder: metrics, checkpoints and, at the end, both networks.")
    private Path out;

    @Option(
            names = "--init-from",
            paramLabel = "FOLDER",
            description =
                    "Start from networks that were trained before: a Hugging Face folder of a discriminator, a generator,"
                            + " a BERT or a DistilBERT, or a folder that holds discriminator, generator or both. May be"
                            + " given again.")
    private List<Path> initFrom = new ArrayList<>();

    @Option(
            names = "--sample-cache",
            paramLabel = "FOLDER",
            description =
                    "Keep the samples of a generator that never learns (objective.stages.generator_frozen_from: 0) in this"
                            + " folder; another run with the same data, masks and generator reads them there and trains"
                            + " without running it.")
    private @Nullable Path sampleCache;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change a setting, for example training.steps=100. May be given again.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--resume", description = "Go on from the newest whole checkpoint in the run's folder.")
    private boolean resume;

    @Option(
            names = "--dashboard",
            paramLabel = "PORT",
            converter = ListenArguments.PortConverter.class,
            description =
                    "Show the run's page, as report writes it, at http://127.0.0.1:PORT/ while it trains, always up"
                            + " to date. 0 is any port that is free.")
    private @Nullable Integer dashboard;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        RunConfig settings = ConfigLoader.load(config, variants, overrides);
        Integer port = dashboard;
        // Before the run: a port that is taken must not leave a folder behind.
        try (Dashboard page = port == null ? null : Dashboard.open(port, out)) {
            train(settings, page);
        }
        return ExitCode.DONE;
    }

    private void train(RunConfig settings, @Nullable Dashboard page) throws IOException {
        List<String> commandLine = spec.commandLine().getParseResult().originalArgs();
        TrainingSession session = new TrainingSession(new ConsoleProgress(
                System.err, Terminal.hasStatusLine(), settings.training().steps()));
        PretrainingRun run = resume
                ? PretrainingRun.resume(settings, data, out, initFrom, sampleCache, commandLine, session)
                : PretrainingRun.start(settings, data, out, initFrom, sampleCache, commandLine, session);
        PrintWriter print = spec.commandLine().getOut();
        print.println(describe(run, settings));
        if (page != null) {
            print.println("dashboard: " + page.begin());
        }
        print.flush();
        if (session.train(run)) {
            summarize(print, run);
        }
    }

    private static String describe(PretrainingRun run, RunConfig settings) {
        NetworkConfig discriminator = settings.model().discriminator();
        NetworkConfig generator = settings.model().generator();
        double rowsSeen =
                (double) settings.training().steps() * settings.training().batchSize();
        return String.format(
                Locale.ROOT,
                "generator %d × %d, discriminator %d × %d, %.1f M parameters, on %s with %d threads%n"
                        + "%,d steps of %,d rows of %d tokens: %.2f times the %,d training rows",
                generator.layers(),
                generator.hiddenSize(),
                discriminator.layers(),
                discriminator.hiddenSize(),
                run.model().parameters().size() / 1e6,
                run.model().engine().device(),
                run.model().engine().threads(),
                settings.training().steps(),
                settings.training().batchSize(),
                run.dataset().length(),
                rowsSeen / run.dataset().trainRows(),
                run.dataset().trainRows());
    }

    private void summarize(PrintWriter print, PretrainingRun run) {
        PretrainingReport heldOut = run.heldOut();
        if (heldOut != null) {
            print.println("held-out: " + HeldOutLine.of(heldOut));
        }
        String network = ShellWord.of(out.resolve("model").resolve("discriminator"));
        print.println(
                run.model().detects()
                        ? "Next: changeling detect --model " + network + " \"your own text\""
                        : "Next: changeling finetune --model " + network + " --task TASK --train FILE --out FOLDER");
    }
}
