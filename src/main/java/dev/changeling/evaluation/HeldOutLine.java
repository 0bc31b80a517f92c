package dev.changeling.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The scores of both networks in one line, of whatever losses the objective has. */
public final class HeldOutLine {
    private HeldOutLine() {}

    /** Returns the line, {@code MLM loss 3.412, RTD loss 0.3511 (always "original": 0.5120), AUC 0.846} for example. */
    public static String of(PretrainingReport report) {
        List<String> parts = new ArrayList<>();
        for (PretrainingReport.MeanLoss loss : report.losses()) {
            parts.add(part(loss, report));
        }
        return String.join(", ", parts);
    }

    /**
     * Returns who has the majority's loss: at masked positions, most tokens are replaced ones.
     *
     * @param report of one that detects
     */
    public static String majority(PretrainingReport report) {
        return report.replacedFraction() > 0.5 ? "always the majority" : "always \"original\"";
    }

    private static String part(PretrainingReport.MeanLoss loss, PretrainingReport report) {
        return switch (loss.loss()) {
            case MLM -> format("MLM loss %.3f", loss.value());
            case RTD ->
                format(
                        "RTD loss %.4f (%s: %.4f), AUC %.3f",
                        loss.value(), majority(report), report.rtdMajorityLoss(), report.rtdAuc());
            case CORRECTION ->
                format("correction loss %.3f (right: %.1f %%)", loss.value(), 100 * report.correctionAccuracy());
            case INNER_MLM -> format("of inner heads %.3f", loss.value());
            case ADVERSARIAL, BASELINE, CONTRAST ->
                format("%s loss %.3f", loss.loss().label(), loss.value());
        };
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
