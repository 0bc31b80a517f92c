package dev.changeling.cli;

import dev.changeling.config.ModelConfig;
import dev.changeling.error.UsageException;
import dev.changeling.metrics.ConsoleProgress;
import dev.changeling.study.PlannedRun;
import dev.changeling.study.RunTraining;
import dev.changeling.study.Study;
import dev.changeling.study.StudyFile;
import dev.changeling.study.StudyPlan;
import dev.changeling.study.StudyResults;
import dev.changeling.study.StudyScores;
import dev.changeling.study.StudySession;
import dev.changeling.study.StudyTable;
import dev.changeling.study.StudyTask;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code study}: several configurations, several seeds each, one table. */
@Command(
        name = "study",
        description = {
            "Compares configurations: pre-trains each with several seeds on the same data, scores them on held-out text"
                    + " and after fine-tuning, and writes a table.",
            "The same call goes on with a study that was stopped: nothing that is finished is done again. What has"
                    + " diverged is named, and tried again when its folder is deleted; the exit code is 3 until then."
        },
        customSynopsis = "changeling study FILE [OPTION]...",
        footer = {
            "%nA study file:",
            "  config: tiny                    # a preset or a file, for all arms",
            "  data: shards/                   # paths are seen from the study file's folder",
            "  out: sharing/",
            "  settings: {training.steps: 2000}    # for all arms",
            "  seeds: [1, 2, 3]",
            "  arms:",
            "    electra: {variants: [electra]}",
            "    lambda-10: {variants: [electra], settings: {objective.rtd_weight: 10}}",
            "  tasks:                          # if any; keys are the options of finetune",
            "    cola: {task: classification, train: cola-train.tsv, dev: cola-dev.tsv,",
            "           text-columns: sentence, metric: matthews}",
            "%nIt writes table.md, results.json and report.html, after every training anew.",
            "%nExamples:",
            "  changeling study studies/sharing.yaml --data shards/ --out sharing/ --dry-run",
            "  changeling study studies/sharing.yaml --data shards/ --out sharing/"
        })
final class StudyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The study, a YAML file.")
    private Path file;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "A folder that prepare has made, in place of the file's.")
    private @Nullable Path data;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "The folder of all that is made, in place of the file's.")
    private @Nullable Path out;

    @Option(names = "--dry-run", description = "Tell what would be done, and about how long it would take.")
    private boolean dryRun;

    @Option(names = "--json", description = "Write one JSON object in place of text.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        StudyFile written = StudyFile.read(file);
        StudyPlan plan = StudyPlan.of(
                written,
                folder("data", data, written.data(), "a folder that prepare has made"),
                folder("out", out, written.out(), "a folder for all that is made"));
        List<ModelConfig> networks =
                plan.runs().stream().map(run -> run.config().model()).toList();
        written.tasks().forEach(task -> new StudyFineTuning(task).requireValid(networks));
        Study study = Study.open(plan);
        PrintWriter print = spec.commandLine().getOut();
        if (dryRun) {
            StudyPlanView.of(plan, study).print(json, print);
            return ExitCode.DONE;
        }
        if (!study.run(spec.commandLine().getParseResult().originalArgs(), new Session())) {
            return ExitCode.DONE; // the process is about to exit by a signal
        }
        StudyScores scores = study.scores();
        if (json) {
            print.print(StudyResults.json(scores));
        } else {
            print.println(StudyTable.of(scores));
            print.println("table and results: " + plan.out().resolve("table.md") + ", "
                    + plan.out().resolve("results.json"));
            if (Files.exists(plan.out().resolve("report.html"))) {
                print.println("page of the runs of seed "
                        + written.seeds().get(0).text() + ": " + plan.out().resolve("report.html"));
            }
        }
        print.flush();
        return scores.failures().isEmpty() ? ExitCode.DONE : ExitCode.NON_FINITE;
    }

    private Path folder(String name, @Nullable Path given, @Nullable Path written, String expected) {
        Path folder = given == null ? written : given;
        if (folder == null) {
            throw new UsageException(
                    file + ": has no " + name + ", and no --" + name + " is given; expected " + expected);
        }
        return folder;
    }

    /** Shows how the study goes on standard error. */
    private final class Session implements StudySession {
        private final PrintWriter err = spec.commandLine().getErr();

        @Override
        public void message(String line) {
            err.println(line);
            err.flush();
        }

        @Override
        public RunTraining training(PlannedRun run) {
            return new TrainingSession(
                    new ConsoleProgress(System.err, Terminal.hasStatusLine(), run.steps()),
                    "the same call goes on from here");
        }

        @Override
        public void fineTune(StudyTask task, Path model, Path folder) throws IOException {
            FineTuneCommand command = new StudyFineTuning(task).command(model, folder);
            FineTuneCommand.train(
                    command.plan(spec.commandLine().getParseResult().originalArgs()), folder, err);
        }
    }
}
