package dev.changeling.study;

import dev.changeling.batch.HeldOutBatches;
import dev.changeling.bench.RunFlops;
import dev.changeling.checkpoint.RunFolder;
import dev.changeling.disk.Disk;
import dev.changeling.disk.FolderLock;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.pretraining.PretrainingRun;
import dev.changeling.pretraining.RunStanding;
import dev.changeling.report.FinalScores;
import dev.changeling.report.ReportPage;
import dev.changeling.report.RunHistory;
import dev.changeling.shard.Dataset;
import dev.changeling.training.NonFiniteException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A study and the folder of what it has made: {@code runs/ARM/seed-N}, {@code tasks/ARM/seed-N/TASK}, and, written anew
 * after each of them, {@code table.md}, {@code results.json} and {@code report.html}.
 *
 * <p>Whatever is finished in the folder is not done again, and a run that was stopped goes on: to call {@link #run}
 * again is all that it takes after a study was stopped, at whatever moment. A training whose numbers were no longer
 * finite is not tried again as long as its folder is there, with a {@link FailureFile} in it.
 */
public final class Study {
    /** Held-out rows by which the length of sequences is estimated. */
    private static final int MEASURED_ROWS = 256;

    private final StudyPlan plan;
    private final Dataset dataset;
    private final double pairsPerToken;
    private final List<RunScores> runs = new ArrayList<>();

    private Study(StudyPlan plan, Dataset dataset) {
        this.plan = plan;
        this.dataset = dataset;
        this.pairsPerToken = RunFlops.pairsPerToken(new HeldOutBatches(dataset, 8, MEASURED_ROWS));
    }

    /**
     * Looks at what there is of a study, and changes nothing.
     *
     * @throws InputException if the data set can't be used, or what there is was made by another study
     */
    public static Study open(StudyPlan plan) throws IOException {
        Dataset dataset = Dataset.open(plan.data());
        if (dataset.heldOutRows() == 0) {
            throw new InputException(plan.data() + ": holds no text out, expected some to score on");
        }
        Study study = new Study(plan, dataset);
        for (PlannedRun run : plan.runs()) {
            study.runs.add(study.look(run));
        }
        study.nameThoseWhoseStartFailed();
        return study;
    }

    private void nameThoseWhoseStartFailed() {
        for (int i = 0; i < runs.size(); i++) {
            PlannedRun run = plan.runs().get(i);
            Optional<Path> missing = missing(run);
            if (missing.isPresent() && failedRuns().anyMatch(missing.get()::startsWith)) {
                runs.set(i, runs.get(i).withFailure(startsFrom(missing.get())));
            }
        }
    }

    private Stream<Path> failedRuns() {
        return IntStream.range(0, runs.size())
                .filter(i -> runs.get(i).isFailed())
                .mapToObj(i -> plan.runs().get(i).folder());
    }

    private static Optional<Path> missing(PlannedRun run) {
        return run.initFrom().stream().filter(Files::notExists).findFirst();
    }

    private static String startsFrom(Path missing) {
        return "starts from " + missing + ", which is not there";
    }

    private RunScores look(PlannedRun run) throws IOException {
        RunStanding standing = RunStanding.of(run.folder(), run.config(), dataset, run.initFrom());
        double flops = flops(run, (double) standing.tokens());
        if (!standing.finished()) {
            RunScores begun = RunScores.unfinished(standing, flops);
            return FailureFile.read(run.folder())
                    .map(failure -> begun.withFailure(failure.reason()))
                    .orElse(begun);
        }
        refuseOtherRows(run);
        FinalScores scores = FinalScores.of(RunHistory.read(run.folder()));
        if (!scores.heldOut() || scores.step() != standing.step()) {
            throw new InputException(run.folder() + ": has no scores of its last step on held-out text, expected some");
        }
        RunScores found = new RunScores(standing, flops, scores.values(), Map.of(), Map.of(), "");
        for (StudyTask task : plan.study().tasks()) {
            TaskRun taskRun = taskRun(run, task);
            found = taskRun.isOver() ? taskRun.addTo(found) : found;
        }
        return found;
    }

    // A run may be gone on with whatever it is scored on; a table may not mix them.
    private static void refuseOtherRows(PlannedRun run) {
        int was = RunFolder.configOf(run.folder()).evaluation().rows();
        int is = run.config().evaluation().rows();
        if (was != is) {
            throw new InputException(run.folder() + ": is a finished run of another configuration: evaluation.rows is "
                    + is + ", was " + was + "; expected the same, or another out for a new study");
        }
    }

    private double flops(PlannedRun run, double tokens) {
        return RunFlops.of(run.config(), dataset.vocabularySize(), tokens, pairsPerToken);
    }

    /** Returns the useful floating-point operations of a step of a run, for its rough cost. */
    public double flopsAStep(PlannedRun run) {
        double tokensARow = (double) dataset.trainTokens() / dataset.trainRows();
        return flops(run, tokensARow * run.config().training().batchSize());
    }

    /** Returns the data set. */
    public Dataset dataset() {
        return dataset;
    }

    /** Returns what there is of the study so far. */
    public StudyScores scores() {
        return new StudyScores(plan, dataset.sha256(), runs);
    }

    /**
     * Does what is left to do, one training at a time. One whose numbers are no longer finite is written down as
     * failed, and the others go on.
     *
     * @param commandLine for the provenance
     * @return whether the end was reached; if not, the session has stopped a run
     * @throws InputException if another process works on the study, or something can't be read or written
     */
    public boolean run(List<String> commandLine, StudySession session) throws IOException {
        FolderLock lock = lock();
        try {
            write();
            for (int i = 0; i < plan.runs().size(); i++) {
                if (!pretrain(i, commandLine, session)) {
                    return false;
                }
                if (runs.get(i).standing().finished()) {
                    fineTune(i, session);
                }
            }
            return true;
        } finally {
            lock.close();
        }
    }

    private FolderLock lock() {
        try {
            Files.createDirectories(plan.out());
            return FolderLock.take(plan.out(), "working on a study");
        } catch (IOException e) {
            throw FileFailure.unwritable(plan.out(), e);
        }
    }

    private boolean pretrain(int place, List<String> commandLine, StudySession session) throws IOException {
        PlannedRun run = plan.runs().get(place);
        RunScores before = runs.get(place);
        if (before.standing().finished()) {
            return true;
        }
        if (before.isFailed()) {
            session.message(line(place, "failed before: " + before.failure()));
            return true;
        }
        Optional<Path> missing = missing(run);
        if (missing.isPresent()) {
            runs.set(place, before.withFailure(startsFrom(missing.get())));
            write();
            return true;
        }
        session.message(line(place, String.format(Locale.ROOT, "%,d steps", run.steps())));
        RunTraining training = session.training(run);
        try {
            PretrainingRun opened = before.standing().started()
                    ? PretrainingRun.resume(
                            run.config(), plan.data(), run.folder(), run.initFrom(), null, commandLine, training)
                    : PretrainingRun.start(
                            run.config(), plan.data(), run.folder(), run.initFrom(), commandLine, training);
            if (!training.train(opened)) {
                return false;
            }
            runs.set(place, look(run));
        } catch (NonFiniteException e) {
            String reason = String.valueOf(e.getMessage());
            writeFailure(run, reason);
            runs.set(place, look(run));
            session.message(line(place, reason));
        }
        write();
        return true;
    }

    private static void writeFailure(PlannedRun run, String reason) {
        try {
            new FailureFile(reason, Map.of()).write(run.folder());
        } catch (IOException e) {
            throw FileFailure.unwritable(run.folder(), e);
        }
    }

    /** Returns a line about a run. */
    private String line(int place, String text) {
        return String.format(
                Locale.ROOT,
                "[%d/%d] %s: %s",
                place + 1,
                plan.runs().size(),
                plan.runs().get(place).label(),
                text);
    }

    private void fineTune(int place, StudySession session) throws IOException {
        PlannedRun run = plan.runs().get(place);
        for (StudyTask task : plan.study().tasks()) {
            TaskRun taskRun = taskRun(run, task);
            if (taskRun.isOver()) {
                String failure = runs.get(place).taskFailures().get(task.name());
                if (failure != null) {
                    session.message(line(place, task.name() + ": failed before: " + failure));
                }
                continue;
            }
            session.message(line(place, task.name()));
            taskRun.writeOptions();
            try {
                session.fineTune(task, RunStanding.model(run.folder()), taskRun.folder());
            } catch (NonFiniteException e) {
                taskRun.writeFailure(String.valueOf(e.getMessage()));
                session.message(line(place, task.name() + ": " + e.getMessage()));
            }
            runs.set(place, taskRun.addTo(runs.get(place)));
            write();
        }
    }

    private TaskRun taskRun(PlannedRun run, StudyTask task) {
        return new TaskRun(task, run, plan.folder(run, task));
    }

    private void write() {
        StudyScores scores = scores();
        write("table.md", StudyTable.of(scores).getBytes(StandardCharsets.UTF_8));
        write("results.json", StudyResults.json(scores).getBytes(StandardCharsets.UTF_8));
        List<RunHistory> histories = firstRuns();
        if (!histories.isEmpty()) {
            write("report.html", ReportPage.of(histories));
        }
    }

    /** Returns the finished run of each arm that has the first seed. */
    private List<RunHistory> firstRuns() {
        List<RunHistory> histories = new ArrayList<>();
        for (int i = 0; i < plan.study().arms().size(); i++) {
            if (runs.get(i).standing().finished()) {
                histories.add(RunHistory.read(plan.runs().get(i).folder()));
            }
        }
        return histories;
    }

    private void write(String name, byte[] content) {
        Path file = plan.out().resolve(name);
        try {
            new Disk().replace(file, content);
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
    }
}
