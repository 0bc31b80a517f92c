package dev.changeling.cli;

import dev.changeling.disk.Disk;
import dev.changeling.error.FileFailure;
import dev.changeling.error.UsageException;
import dev.changeling.report.Check;
import dev.changeling.report.FinalScores;
import dev.changeling.report.Health;
import dev.changeling.report.ReportPage;
import dev.changeling.report.RunHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report}: a page about runs. */
@Command(
        name = "report",
        description = {
            "Writes a page about a run, or about several laid over one another: health, scores, curves, samples.",
            "The page is one file that needs no network. A run may still be going on."
        },
        customSynopsis = "changeling report RUN... [OPTION]...",
        footer = {
            "%nExamples:",
            "  changeling report run/",
            "  changeling report run/ other/ --out compared.html",
            "  changeling report run/ --json"
        })
final class ReportCommand implements Callable<Integer> {
    private static final String FILE = "report.html";

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "The folder of a run that pretrain has made.")
    private List<Path> folders = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The page. Default, for one run: " + FILE + " in its folder.")
    private @Nullable Path out;

    @Mixin
    private JsonArgument json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        refuseTwice();
        Path file = file();
        List<RunHistory> runs = folders.stream().map(RunHistory::read).toList();
        OutputFile.require(file, FILE);
        write(file, ReportPage.of(runs));
        PrintWriter print = spec.commandLine().getOut();
        if (json.isGiven()) {
            JsonArgument.write(
                    Map.of("runs", runs.stream().map(ReportCommand::byName).toList()), print);
        } else {
            runs.forEach(run -> print(run, print));
            print.println("the page: " + file);
        }
        return ExitCode.DONE;
    }

    private Path file() {
        Path given = out;
        if (given == null && folders.size() > 1) {
            throw new UsageException("found " + folders.size() + " runs and no --out; expected --out FILE, for example"
                    + " --out " + FILE);
        }
        return given == null ? folders.get(0).resolve(FILE) : given;
    }

    private void refuseTwice() {
        Set<Path> seen = new HashSet<>();
        for (Path folder : folders) {
            try {
                if (Files.exists(folder) && !seen.add(folder.toRealPath())) {
                    throw new UsageException(folder + ": the same run twice; expected each once");
                }
            } catch (IOException e) {
                throw FileFailure.unreadable(folder, e);
            }
        }
    }

    private static void write(Path file, byte[] page) {
        try {
            Path folder = file.toAbsolutePath().normalize().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            new Disk().replace(file, page);
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
    }

    private static Map<String, Object> byName(RunHistory run) {
        Health health = Health.of(run);
        FinalScores scores = FinalScores.of(run);
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("run", run.folder().toString());
        names.put("step", run.lastStep());
        names.put("steps", run.plannedSteps());
        names.put("condition", health.condition().name().toLowerCase(java.util.Locale.ROOT));
        names.put(
                "checks",
                health.checks().stream()
                        .map(check -> {
                            Map<String, Object> found = new LinkedHashMap<>();
                            found.put("condition", check.condition().name().toLowerCase(java.util.Locale.ROOT));
                            found.put("found", check.found());
                            found.put("numbers", check.numbers());
                            return found;
                        })
                        .toList());
        names.put("scores_held_out", scores.heldOut());
        names.put("scores_step", scores.step());
        names.put("scores", scores.values());
        return names;
    }

    private static void print(RunHistory run, PrintWriter print) {
        Health health = Health.of(run);
        print.println(run.folder() + ": " + health.condition().words());
        print.println("  " + health.reason());
        for (Check check : health.checks()) {
            if (check.condition() != health.condition()) {
                print.println("  " + check.words() + ": " + check.numbers());
            }
        }
    }
}
