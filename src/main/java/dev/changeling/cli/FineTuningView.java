package dev.changeling.cli;

import dev.changeling.evaluation.Spread;
import dev.changeling.finetuning.FineTuningObserver;
import dev.changeling.finetuning.FineTuningPlan;
import dev.changeling.finetuning.FineTuningReport;
import dev.changeling.finetuning.TaskScores;
import dev.changeling.hub.TaskKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A fine-tuning for a person: how it goes, and what came out. */
final class FineTuningView implements FineTuningObserver {
    private final StatusLine status;
    private final FineTuningPlan plan;
    private int steps;
    private long first;
    private double mean;

    FineTuningView(PrintWriter err, FineTuningPlan plan) {
        this.status = StatusLine.on(err);
        this.plan = plan;
    }

    @Override
    public void prepared(int train, int dev, int stepsOfEach) {
        steps = stepsOfEach;
        first = System.nanoTime();
        status.print(String.format(
                Locale.ROOT,
                "%,d examples to learn from, %,d to score on; %,d steps%s",
                train,
                dev,
                stepsOfEach,
                plan.seeds() > 1 ? " for each of " + plan.seeds() + " seeds" : ""));
        if (scoresOnTrain()) {
            status.print("warning: --dev is the file that is learnt from; scores on what was learnt flatter");
        }
    }

    private boolean scoresOnTrain() {
        try {
            return plan.data().scoresOnTrain();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void step(long seed, int step, double loss) {
        mean = step == 1 ? loss : 0.98 * mean + 0.02 * loss;
        status.show(() -> {
            long done = (seed - plan.firstSeed()) * steps + step;
            long all = (long) plan.seeds() * steps;
            double seconds = (System.nanoTime() - first) / 1e9 / done * (all - done);
            return String.format(
                    Locale.ROOT,
                    "seed %d | step %,d/%,d | loss %.4f | at most %s left",
                    seed,
                    step,
                    steps,
                    mean,
                    Clock.of(Duration.ofMillis((long) (1000 * seconds))));
        });
    }

    @Override
    public void scored(long seed, int epoch, TaskScores scores) {
        status.print(String.format(
                Locale.ROOT, "seed %d, epoch %d: %s %.4f", seed, epoch, scores.primary(), scores.value()));
    }

    void clear() {
        status.clear();
    }

    /** Returns what came out, as a table. */
    static List<String> lines(FineTuningReport report, Path out) {
        List<String> lines = new ArrayList<>();
        boolean several = report.seeds().size() > 1;
        if (several) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-24s %8s  %8s  %8s  %8s   over %d seeds",
                    "",
                    "median",
                    "least",
                    "most",
                    "std dev",
                    report.seeds().size()));
        }
        report.spreads().forEach((name, spread) -> lines.add(line(name, spread, several)));
        report.settings().forEach((name, value) -> lines.add(setting(name, value)));
        lines.add("");
        lines.add(
                several
                        ? String.format(
                                Locale.ROOT,
                                "The network of seed %d, the best by %s, is in %s",
                                report.best(),
                                report.primary(),
                                out.resolve("model"))
                        : "The network is in " + out.resolve("model"));
        String verb = report.kind() == TaskKind.EMBEDDING ? "embed" : "predict";
        lines.add("Next: changeling " + verb + " --model " + ShellWord.of(out.resolve("model")) + " …");
        return lines;
    }

    /** Returns what suits a network best, as the option that it is for. */
    static String setting(String name, double value) {
        return String.format(
                Locale.ROOT, "best with --%s %.4f, chosen on the scored examples", name.replace('_', '-'), value);
    }

    private static String line(String name, Spread spread, boolean several) {
        return several
                ? String.format(
                        Locale.ROOT,
                        "%-24s %8.4f  %8.4f  %8.4f  %8.4f",
                        name,
                        spread.median(),
                        spread.least(),
                        spread.most(),
                        spread.standardDeviation())
                : String.format(Locale.ROOT, "%-24s %8.4f", name, spread.median());
    }
}
