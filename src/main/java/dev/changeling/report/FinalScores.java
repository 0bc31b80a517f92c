package dev.changeling.report;

import dev.changeling.report.Score.Better;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The scores of a run at its end, or where it stands: those on held-out text if there are any, else the means over the
 * last part of training.
 *
 * @param heldOut whether they are of held-out text
 * @param step that they are of, the last one if of several
 * @param values by name, as in {@code metrics.jsonl}, without {@code heldout_}; what was not measured is not there
 */
public record FinalScores(boolean heldOut, long step, Map<String, Double> values) {
    private static final String GENERATOR = "generator";
    private static final String DISCRIMINATOR = "discriminator";
    private static final String TOGETHER = "together";

    /** What there may be, in order. */
    static final List<Score> SCORES = List.of(
            new Score("mlm_loss", GENERATOR, "MLM loss", "nats", Better.LOWER),
            new Score("mlm_accuracy", GENERATOR, "accuracy", "%", Better.HIGHER),
            new Score("sampled_accuracy", GENERATOR, "accuracy of its samples", "%", Better.NEITHER),
            new Score("generator_entropy", GENERATOR, "entropy", "nats", Better.NEITHER),
            new Score("rtd_loss", DISCRIMINATOR, "RTD loss", "nats", Better.LOWER),
            new Score("rtd_majority_loss", DISCRIMINATOR, "RTD loss of always the majority", "nats", Better.NEITHER),
            new Score("rtd_auc", DISCRIMINATOR, "area under ROC (chance: .5)", "", Better.HIGHER),
            new Score("rtd_accuracy", DISCRIMINATOR, "accuracy", "%", Better.HIGHER),
            new Score("rtd_precision", DISCRIMINATOR, "precision", "%", Better.HIGHER),
            new Score("rtd_recall", DISCRIMINATOR, "recall", "%", Better.HIGHER),
            new Score("rtd_false_alarm_rate", DISCRIMINATOR, "false alarms", "%", Better.LOWER),
            new Score("rtd_calibration_error", DISCRIMINATOR, "calibration error", "", Better.LOWER),
            new Score("correction_loss", DISCRIMINATOR, "loss of original tokens", "nats", Better.LOWER),
            new Score("correction_accuracy", DISCRIMINATOR, "accuracy of original tokens", "%", Better.HIGHER),
            new Score("state_effective_rank", DISCRIMINATOR, "directions in use", "", Better.HIGHER),
            new Score("replaced_fraction", TOGETHER, "tokens replaced", "%", Better.NEITHER),
            new Score("loss", TOGETHER, "weighted sum of losses", "nats", Better.LOWER));

    public FinalScores {
        values = new LinkedHashMap<>(values);
    }

    /** Takes them from a run's numbers. */
    public static FinalScores of(RunHistory run) {
        long heldOutStep = SCORES.stream()
                .flatMap(score -> run.series(RunHistory.HELD_OUT + score.name()).stream())
                .mapToLong(Series::lastStep)
                .max()
                .orElse(-1);
        boolean isHeldOut = heldOutStep >= 0;
        Map<String, Double> values = new LinkedHashMap<>();
        // A tenth of the run, and all of one that is as short as that.
        long after = run.lastStep() - Math.max(1, run.lastStep() / 10);
        for (Score score : SCORES) {
            String name = (isHeldOut ? RunHistory.HELD_OUT : "") + score.name();
            run.series(name)
                    .map(series -> isHeldOut ? series.last() : series.mean(after, run.lastStep()))
                    .ifPresent(value -> value.ifPresent(known -> values.put(score.name(), known)));
        }
        return new FinalScores(isHeldOut, isHeldOut ? heldOutStep : run.lastStep(), values);
    }
}
