package dev.changeling.pretraining;

import dev.changeling.config.ObjectiveConfig;
import dev.changeling.dynamics.Dynamics;
import dev.changeling.dynamics.TugOfWar;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.evaluation.TokenReport;
import dev.changeling.metrics.Metrics;
import dev.changeling.metrics.Rates;
import dev.changeling.metrics.ResidentMemory;
import dev.changeling.objective.Loss;
import dev.changeling.training.StepOutcome;
import java.util.Map;
import java.util.function.Predicate;

/** Puts a run's numbers under the names that {@code metrics.jsonl} promises. */
final class MetricNames {
    /** Before the name of every held-out score. */
    static final String HELD_OUT = "heldout_";

    private static final String GENERATOR = "generator";

    private MetricNames() {}

    /**
     * Returns the numbers of a training step.
     *
     * @param objective of which what has no part in it has no number
     */
    static Metrics ofStep(
            long step, StepOutcome outcome, PretrainingReport scores, Rates.Snapshot rates, ObjectiveConfig objective) {
        Metrics.Builder metrics = Metrics.at(step).put("tokens", rates.tokens()).put("loss", outcome.loss());
        addLosses(metrics, "", scores);
        addScores(metrics, "", scores, objective);
        return metrics.put("grad_norm", outcome.gradientNorm())
                .put("learning_rate", outcome.learningRate())
                .put("tokens_per_second", rates.tokensPerSecond())
                .put("elapsed_seconds", rates.elapsedSeconds())
                .put("eta_seconds", rates.etaSeconds())
                .put("rss_bytes", ResidentMemory.bytes())
                .build();
    }

    /** Returns the numbers of an evaluation, each with {@code heldout_} before its name. */
    static Metrics ofHeldOut(
            long step, PretrainingReport report, double unigramCrossEntropy, ObjectiveConfig objective) {
        Metrics.Builder metrics = Metrics.at(step).put(HELD_OUT + "loss", report.loss());
        addLosses(metrics, HELD_OUT, report);
        addScores(metrics, HELD_OUT, report, objective);
        addIfAny(metrics, HELD_OUT + "unigram_cross_entropy", unigramCrossEntropy);
        return metrics.put(HELD_OUT + "tokens", report.tokens()).build();
    }

    /**
     * Returns what a step did to the weights. What there was nothing to measure on is left out, and a generator that
     * has no use.
     */
    static Metrics ofDynamics(long step, Dynamics dynamics, ObjectiveConfig objective) {
        Metrics.Builder metrics = Metrics.at(step);
        Predicate<String> isInUse = part -> objective.generates() || !part.startsWith(GENERATOR);
        addParts(metrics, "grad_norm.", dynamics.gradientNorms(), isInUse);
        addParts(metrics, "update_ratio.", dynamics.updateRatios(), isInUse);
        TugOfWar tugOfWar = dynamics.tugOfWar();
        if (tugOfWar != null && objective.generates()) {
            metrics.put("embedding_grad_norm.generator", tugOfWar.generatorNorm())
                    .put("embedding_grad_norm.discriminator", tugOfWar.discriminatorNorm());
            addIfAny(metrics, "embedding_grad_cosine", tugOfWar.cosine());
            addIfAny(metrics, "embedding_grad_angle", tugOfWar.angle());
            addIfAny(metrics, "adam_weight.generator", tugOfWar.generatorAdamShare());
            addIfAny(metrics, "adam_weight.discriminator", tugOfWar.discriminatorAdamShare());
        }
        return metrics.put("embedding_mean_cosine", dynamics.isotropy().meanCosine())
                .put("embedding_isotropy", dynamics.isotropy().partitionRatio())
                .build();
    }

    private static void addParts(
            Metrics.Builder metrics, String name, Map<String, Double> parts, Predicate<String> isInUse) {
        parts.forEach((part, value) -> {
            if (isInUse.test(part)) {
                metrics.put(name + part, value);
            }
        });
    }

    private static void addLosses(Metrics.Builder metrics, String prefix, PretrainingReport report) {
        for (PretrainingReport.MeanLoss loss : report.losses()) {
            metrics.put(prefix + loss.loss().label() + "_loss", loss.value());
        }
        report.losses().stream()
                .filter(loss -> loss.loss() == Loss.RTD)
                .forEach(loss -> metrics.put(prefix + "rtd_weight", loss.weight()));
        for (PretrainingReport.MeanLoss loss : report.losses()) {
            addIfAny(metrics, prefix + loss.loss().label() + "_share", loss.weight() * loss.value() / report.loss());
        }
    }

    private static void addScores(
            Metrics.Builder metrics, String prefix, PretrainingReport scores, ObjectiveConfig objective) {
        addIfAny(metrics, prefix + "mlm_accuracy", scores.mlmAccuracy());
        if (objective.generatorWrites()) {
            addIfAny(metrics, prefix + "sampled_accuracy", scores.sampledAccuracy());
            scores.parts()
                    .forEach((part, ofPart) ->
                            addIfAny(metrics, prefix + "sampled_accuracy." + part, ofPart.sampledAccuracy()));
        }
        if (scores.detects()) {
            addVerdicts(metrics, prefix, scores);
        }
        addIfAny(metrics, prefix + "correction_accuracy", scores.correctionAccuracy());
        addIfAny(metrics, prefix + "generator_entropy", scores.generatorEntropy());
        for (int head = 0; head < scores.headParts().size(); head++) {
            metrics.put(prefix + "head_part." + head, scores.headParts().get(head));
        }
        addIfAny(metrics, prefix + "state_mean_cosine", scores.representation().meanCosine());
        addIfAny(
                metrics,
                prefix + "state_effective_rank",
                scores.representation().effectiveRank());
        scores.parts().forEach((part, ofPart) -> addPart(metrics, prefix, "." + part, ofPart));
    }

    private static void addVerdicts(Metrics.Builder metrics, String prefix, PretrainingReport scores) {
        metrics.put(prefix + "replaced_fraction", scores.replacedFraction())
                .put(prefix + "rtd_accuracy", scores.rtdAccuracy())
                .put(prefix + "rtd_precision", scores.rtdPrecision())
                .put(prefix + "rtd_recall", scores.rtdRecall())
                .put(prefix + "rtd_auc", scores.rtdAuc())
                .put(prefix + "rtd_majority_loss", scores.rtdMajorityLoss())
                .put(prefix + "rtd_false_alarm_rate", scores.rtdFalseAlarmRate())
                .put(prefix + "rtd_calibration_error", scores.rtdCalibrationError());
    }

    private static void addPart(Metrics.Builder metrics, String prefix, String suffix, TokenReport scores) {
        addIfAny(metrics, prefix + "mlm_accuracy" + suffix, scores.mlmAccuracy());
        addIfAny(metrics, prefix + "replaced_fraction" + suffix, scores.replacedFraction());
        addIfAny(metrics, prefix + "rtd_accuracy" + suffix, scores.rtdAccuracy());
        addIfAny(metrics, prefix + "rtd_precision" + suffix, scores.rtdPrecision());
        addIfAny(metrics, prefix + "rtd_recall" + suffix, scores.rtdRecall());
        addIfAny(metrics, prefix + "rtd_auc" + suffix, scores.rtdAuc());
        addIfAny(metrics, prefix + "rtd_majority_loss" + suffix, scores.rtdMajorityLoss());
        addIfAny(metrics, prefix + "rtd_false_alarm_rate" + suffix, scores.rtdFalseAlarmRate());
        addIfAny(metrics, prefix + "rtd_calibration_error" + suffix, scores.rtdCalibrationError());
        addIfAny(metrics, prefix + "generator_entropy" + suffix, scores.generatorEntropy());
    }

    private static void addIfAny(Metrics.Builder metrics, String name, double value) {
        if (!Double.isNaN(value)) {
            metrics.put(name, value);
        }
    }
}
