package dev.changeling.pretraining;

import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.metrics.Metrics;
import dev.changeling.metrics.Rates;
import dev.changeling.metrics.ResidentMemory;
import dev.changeling.training.StepOutcome;

/** Puts a run's numbers under the names that {@code metrics.jsonl} promises. */
final class MetricNames {
    /** Before the name of every held-out score. */
    static final String HELD_OUT = "heldout_";

    private MetricNames() {}

    /** Returns the numbers of a training step. */
    static Metrics ofStep(long step, StepOutcome outcome, PretrainingReport scores, Rates.Snapshot rates) {
        Metrics.Builder metrics = Metrics.at(step)
                .put("tokens", rates.tokens())
                .put("loss", outcome.loss())
                .put("mlm_loss", outcome.mlmLoss())
                .put("rtd_loss", outcome.rtdLoss());
        addScores(metrics, "", scores);
        return metrics.put("grad_norm", outcome.gradientNorm())
                .put("learning_rate", outcome.learningRate())
                .put("tokens_per_second", rates.tokensPerSecond())
                .put("elapsed_seconds", rates.elapsedSeconds())
                .put("eta_seconds", rates.etaSeconds())
                .put("rss_bytes", ResidentMemory.bytes())
                .build();
    }

    /** Returns the numbers of an evaluation, each with {@code heldout_} before its name. */
    static Metrics ofHeldOut(long step, PretrainingReport report, double loss) {
        Metrics.Builder metrics = Metrics.at(step)
                .put(HELD_OUT + "loss", loss)
                .put(HELD_OUT + "mlm_loss", report.mlmLoss())
                .put(HELD_OUT + "rtd_loss", report.rtdLoss());
        addScores(metrics, HELD_OUT, report);
        return metrics.put(HELD_OUT + "tokens", report.tokens()).build();
    }

    private static void addScores(Metrics.Builder metrics, String prefix, PretrainingReport scores) {
        metrics.put(prefix + "mlm_accuracy", scores.mlmAccuracy())
                .put(prefix + "sampled_accuracy", scores.sampledAccuracy())
                .put(prefix + "replaced_fraction", scores.replacedFraction())
                .put(prefix + "rtd_accuracy", scores.rtdAccuracy())
                .put(prefix + "rtd_precision", scores.rtdPrecision())
                .put(prefix + "rtd_recall", scores.rtdRecall())
                .put(prefix + "rtd_auc", scores.rtdAuc())
                .put(prefix + "rtd_majority_loss", scores.rtdMajorityLoss())
                .put(prefix + "generator_entropy", scores.generatorEntropy());
    }
}
