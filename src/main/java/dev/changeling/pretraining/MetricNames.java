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
import java.util.LinkedHashMap;
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
        addLosses(metrics, scores);
        addScores(metrics, scores, objective);
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
        Map<String, Number> values = new LinkedHashMap<>();
        scores(report, unigramCrossEntropy, objective).forEach((name, value) -> values.put(HELD_OUT + name, value));
        return new Metrics(step, values);
    }

    /** Returns the scores of an evaluation by name. */
    static Map<String, Number> scores(PretrainingReport report, double unigramCrossEntropy, ObjectiveConfig objective) {
        Metrics.Builder metrics = Metrics.at(0).put("loss", report.loss());
        addLosses(metrics, report);
        addScores(metrics, report, objective);
        addIfAny(metrics, "unigram_cross_entropy", unigramCrossEntropy);
        return metrics.put("tokens", report.tokens()).build().values();
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

    private static void addLosses(Metrics.Builder metrics, PretrainingReport report) {
        for (PretrainingReport.MeanLoss loss : report.losses()) {
            metrics.put(loss.loss().label() + "_loss", loss.value());
        }
        report.losses().stream()
                .filter(loss -> loss.loss() == Loss.RTD)
                .forEach(loss -> metrics.put("rtd_weight", loss.weight()));
        for (PretrainingReport.MeanLoss loss : report.losses()) {
            addIfAny(metrics, loss.loss().label() + "_share", loss.weight() * loss.value() / report.loss());
        }
    }

    private static void addScores(Metrics.Builder metrics, PretrainingReport scores, ObjectiveConfig objective) {
        addIfAny(metrics, "mlm_accuracy", scores.mlmAccuracy());
        if (objective.generatorWrites()) {
            addIfAny(metrics, "sampled_accuracy", scores.sampledAccuracy());
            scores.parts()
                    .forEach((part, ofPart) -> addIfAny(metrics, "sampled_accuracy." + part, ofPart.sampledAccuracy()));
        }
        if (scores.detects()) {
            addVerdicts(metrics, scores);
        }
        addIfAny(metrics, "correction_accuracy", scores.correctionAccuracy());
        addIfAny(metrics, "generator_entropy", scores.generatorEntropy());
        for (int head = 0; head < scores.headParts().size(); head++) {
            metrics.put("head_part." + head, scores.headParts().get(head));
        }
        addIfAny(metrics, "state_mean_cosine", scores.representation().meanCosine());
        addIfAny(metrics, "state_effective_rank", scores.representation().effectiveRank());
        scores.parts().forEach((part, ofPart) -> addPart(metrics, "." + part, ofPart));
    }

    private static void addVerdicts(Metrics.Builder metrics, PretrainingReport scores) {
        metrics.put("replaced_fraction", scores.replacedFraction())
                .put("rtd_accuracy", scores.rtdAccuracy())
                .put("rtd_precision", scores.rtdPrecision())
                .put("rtd_recall", scores.rtdRecall())
                .put("rtd_auc", scores.rtdAuc())
                .put("rtd_majority_loss", scores.rtdMajorityLoss())
                .put("rtd_false_alarm_rate", scores.rtdFalseAlarmRate())
                .put("rtd_calibration_error", scores.rtdCalibrationError());
    }

    private static void addPart(Metrics.Builder metrics, String suffix, TokenReport scores) {
        addIfAny(metrics, "mlm_accuracy" + suffix, scores.mlmAccuracy());
        addIfAny(metrics, "replaced_fraction" + suffix, scores.replacedFraction());
        addIfAny(metrics, "rtd_accuracy" + suffix, scores.rtdAccuracy());
        addIfAny(metrics, "rtd_precision" + suffix, scores.rtdPrecision());
        addIfAny(metrics, "rtd_recall" + suffix, scores.rtdRecall());
        addIfAny(metrics, "rtd_auc" + suffix, scores.rtdAuc());
        addIfAny(metrics, "rtd_majority_loss" + suffix, scores.rtdMajorityLoss());
        addIfAny(metrics, "rtd_false_alarm_rate" + suffix, scores.rtdFalseAlarmRate());
        addIfAny(metrics, "rtd_calibration_error" + suffix, scores.rtdCalibrationError());
        addIfAny(metrics, "generator_entropy" + suffix, scores.generatorEntropy());
    }

    private static void addIfAny(Metrics.Builder metrics, String name, double value) {
        if (!Double.isNaN(value)) {
            metrics.put(name, value);
        }
    }
}
