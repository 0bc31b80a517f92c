package dev.changeling.cli;

import dev.changeling.config.ObjectiveConfig;
import dev.changeling.evaluation.HeldOutLine;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.evaluation.SwapReport;
import dev.changeling.evaluation.SwapTest;
import dev.changeling.model.Electra;
import dev.changeling.model.ReplacedTokenScorer;
import dev.changeling.objective.Loss;
import dev.changeling.pretraining.TrainedRun;
import dev.changeling.shard.Dataset;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code evaluate}: scores both networks on held-out text. */
@Command(
        name = "evaluate",
        description = "Scores both networks of a run's newest checkpoint on held-out rows, the same way each time.",
        customSynopsis = "changeling evaluate --run FOLDER --data FOLDER [OPTION]...",
        footer = {
            "%nExamples:",
            "  changeling evaluate --run run/ --data shards/",
            "  changeling evaluate --run run/ --data shards/ --swaps 500 --json > scores.json"
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final long SWAP_SEED = 1;

    @Option(names = "--run", required = true, paramLabel = "FOLDER", description = "A run that pretrain has made.")
    private Path run;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FOLDER",
            description = "Shards that prepare has made with the run's vocabulary; the held-out ones are read.")
    private Path data;

    @Option(
            names = "--rows",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "How many held-out rows, evenly spaced. Default: all.")
    private int rows;

    @Option(
            names = "--swaps",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Also swap one word in each of N held-out sentences, and ask which it was.")
    private int swaps;

    @Option(names = "--json", description = "Write one JSON object in place of text.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Dataset dataset = Dataset.open(data);
        long step;
        PretrainingReport scores;
        PretrainingReport onGeneratorAlone;
        Map<String, Number> byName;
        SwapReport swapped;
        StatusLine status = StatusLine.on(spec.commandLine().getErr());
        TrainedRun.RowCounter counter =
                (done, all) -> status.show(() -> String.format(Locale.ROOT, "scoring | row %,d of %,d", done, all));
        try (TrainedRun trained = TrainedRun.load(run)) {
            step = trained.step();
            scores = trained.evaluate(dataset, rows, counter);
            onGeneratorAlone = isGeneratorsAlone(trained.config().objective())
                    ? scores
                    : trained.evaluateOnGeneratorAlone(dataset, rows, counter);
            byName = trained.byName(scores, dataset);
            swapped = swaps > 0 && trained.model().detects() ? swapTest(dataset, trained.model()) : null;
        } finally {
            status.clear();
        }
        double unigrams = dataset.heldOutUnigramCrossEntropy();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(byName(step, byName, scores.masked(), onGeneratorAlone, swapped)));
        } else {
            print(step, scores, onGeneratorAlone, unigrams, swapped, out);
        }
        return ExitCode.DONE;
    }

    /** Returns whether every replacement is the generator's already, or none ever can be. */
    private static boolean isGeneratorsAlone(ObjectiveConfig objective) {
        return objective.equals(objective.withGeneratorAlone()) || !objective.generates();
    }

    private SwapReport swapTest(Dataset dataset, Electra model) throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(dataset.tokenizerFolder())) {
            return SwapTest.draw(dataset, tokenizer.vocabulary(), swaps, SWAP_SEED)
                    .run(new ReplacedTokenScorer(
                            model.engine(),
                            model.discriminator(),
                            dataset.special().padding())::score);
        }
    }

    /**
     * Returns all scores by name.
     *
     * @param scores under the names that {@code metrics.jsonl} has
     */
    private static Map<String, @Nullable Object> byName(
            long step,
            Map<String, Number> scores,
            long masked,
            PretrainingReport onGeneratorAlone,
            @Nullable SwapReport swapped) {
        Map<String, @Nullable Object> names = new LinkedHashMap<>();
        names.put("step", step);
        names.put("masked", masked);
        scores.forEach((name, value) -> names.put(name, Double.isFinite(value.doubleValue()) ? value : null));
        if (onGeneratorAlone.detects()) {
            if (!Double.isNaN(onGeneratorAlone.sampledAccuracy())) {
                names.put("generator_alone_sampled_accuracy", onGeneratorAlone.sampledAccuracy());
            }
            names.put("generator_alone_replaced_fraction", onGeneratorAlone.replacedFraction());
            names.put("generator_alone_rtd_loss", onGeneratorAlone.rtdLoss());
            names.put("generator_alone_rtd_majority_loss", onGeneratorAlone.rtdMajorityLoss());
            names.put("generator_alone_rtd_auc", onGeneratorAlone.rtdAuc());
        }
        if (swapped != null) {
            names.put("swap_sentences", swapped.sentences());
            names.put("swap_hit_rate", swapped.hitRate());
            names.put("swap_chance", swapped.chanceHitRate());
            names.put("swap_mean_rank", swapped.meanRank());
            names.put("swap_chance_mean_rank", swapped.chanceMeanRank());
            names.put("swap_auc", swapped.auc());
        }
        return names;
    }

    private static void print(
            long step,
            PretrainingReport scores,
            PretrainingReport onGeneratorAlone,
            double unigrams,
            @Nullable SwapReport swapped,
            PrintWriter out) {
        line(
                out,
                "after %,d steps, on %,d held-out tokens, %,d of them masked",
                step,
                scores.tokens(),
                scores.masked());
        line(out, "");
        if (!Double.isNaN(scores.mlmLoss())) {
            printGenerator(scores, onGeneratorAlone, unigrams, out);
        }
        line(out, "discriminator");
        if (!Double.isNaN(scores.representation().effectiveRank())) {
            line(
                    out,
                    "  directions in use %8.1f   mean cosine of two states: %.3f",
                    scores.representation().effectiveRank(),
                    scores.representation().meanCosine());
        }
        if (scores.detects()) {
            printDetection(scores, onGeneratorAlone, out);
        }
        for (PretrainingReport.MeanLoss loss : scores.losses()) {
            if (loss.loss() == Loss.CORRECTION) {
                line(out, "  correction loss   %8.4f   unigram frequencies alone: %.4f", loss.value(), unigrams);
                line(out, "  original guessed  %8.4f", scores.correctionAccuracy());
            } else if (loss.loss() == Loss.CONTRAST) {
                line(out, "  contrast loss     %8.4f", loss.value());
            }
        }
        if (swapped != null) {
            line(out, "swapped words, one in each of %,d sentences", swapped.sentences());
            line(out, "  most suspected    %8.4f   by chance: %.4f", swapped.hitRate(), swapped.chanceHitRate());
            line(out, "  mean rank         %8.2f   by chance: %.2f", swapped.meanRank(), swapped.chanceMeanRank());
        }
    }

    private static void printGenerator(
            PretrainingReport scores, PretrainingReport onGeneratorAlone, double unigrams, PrintWriter out) {
        line(out, "generator");
        line(out, "  MLM loss          %8.4f   unigram frequencies alone: %.4f", scores.mlmLoss(), unigrams);
        line(
                out,
                "  accuracy          %8.4f   of its samples: %.4f",
                scores.mlmAccuracy(),
                onGeneratorAlone.sampledAccuracy());
        line(out, "  entropy           %8.4f", scores.generatorEntropy());
        for (PretrainingReport.MeanLoss loss : scores.losses()) {
            if (loss.loss() == Loss.INNER_MLM) {
                line(out, "  of inner heads    %8.4f   the sum of their MLM losses", loss.value());
            }
        }
    }

    private static void printDetection(PretrainingReport scores, PretrainingReport onGeneratorAlone, PrintWriter out) {
        line(
                out,
                "  RTD loss          %8.4f   %s: %.4f",
                scores.rtdLoss(),
                HeldOutLine.majority(scores),
                scores.rtdMajorityLoss());
        line(out, "  area under ROC    %8.4f   by chance: 0.5", scores.rtdAuc());
        line(
                out,
                "  accuracy          %8.4f   %s: %.4f",
                scores.rtdAccuracy(),
                HeldOutLine.majority(scores),
                Math.max(scores.replacedFraction(), 1 - scores.replacedFraction()));
        line(out, "  precision, recall %8.4f   %.4f", scores.rtdPrecision(), scores.rtdRecall());
        if (!scores.equals(onGeneratorAlone)) {
            line(out, "discriminator, where every replacement is the generator's (the above has the run's mixture)");
            line(
                    out,
                    "  RTD loss          %8.4f   %s: %.4f",
                    onGeneratorAlone.rtdLoss(),
                    HeldOutLine.majority(onGeneratorAlone),
                    onGeneratorAlone.rtdMajorityLoss());
            line(out, "  area under ROC    %8.4f   by chance: 0.5", onGeneratorAlone.rtdAuc());
        }
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
