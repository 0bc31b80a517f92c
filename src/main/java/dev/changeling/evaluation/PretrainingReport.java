package dev.changeling.evaluation;

import dev.changeling.objective.Loss;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well both networks do. Losses in nats; no padding is counted.
 *
 * @param losses of both networks
 * @param correctionAccuracy part of the positions where the discriminator was asked for the original token and it is
 *     its likeliest; NaN if it was not asked
 * @param mlmAccuracy part of the masked positions where the generator's best guess is the original; NaN if it was not
 *     asked
 * @param sampledAccuracy part of those where the generator wrote, in which its token is the original; NaN if it wrote
 *     none
 * @param generatorEntropy mean entropy of its distribution; NaN if it was not asked
 * @param headParts of several heads of the generator, the mean part that each has in what is drawn, 1 in all, the
 *     lowest layer's first; empty of one head
 * @param representation how the discriminator's states lie; NaN where nobody looked
 * @param replacedFraction part of all tokens that differ from the original; of the masked ones, if the discriminator is
 *     asked at those only, as all that follows
 * @param rtdMajorityLoss the loss of one that gives every token the measured replaced fraction: the "stuck" line
 * @param rtdAccuracy part of the tokens judged rightly at probability ½
 * @param rtdPrecision part of the tokens called replaced that were; 0 if none was called so
 * @param rtdRecall part of the replaced tokens that were called so; 0 if there was none
 * @param rtdFalseAlarmRate part of the other tokens that were called replaced; 0 if there was none
 * @param rtdAuc area under the ROC curve; ½ if only one class occurred
 * @param rtdCalibrationError expected calibration error of P(replaced), ten bins
 * @param parts the same of some of the tokens, by name: of each frequency band, {@code rank_1_100} and so on by the
 *     rank of the original among the tokens of the training text, and of each quarter of the rows, {@code quarter_1}
 *     and so on
 * @param masked masked positions counted
 * @param tokens tokens counted
 */
public record PretrainingReport(
        List<MeanLoss> losses,
        double correctionAccuracy,
        double mlmAccuracy,
        double sampledAccuracy,
        double generatorEntropy,
        List<Double> headParts,
        Representation representation,
        double replacedFraction,
        double rtdMajorityLoss,
        double rtdAccuracy,
        double rtdPrecision,
        double rtdRecall,
        double rtdFalseAlarmRate,
        double rtdAuc,
        double rtdCalibrationError,
        Map<String, TokenReport> parts,
        long masked,
        long tokens) {

    /**
     * A loss, averaged over what it is averaged over.
     *
     * @param loss which
     * @param weight that it has in the joint loss
     * @param value nats
     */
    public record MeanLoss(Loss loss, double weight, double value) {}

    /** Copies the parts, in their order. */
    public PretrainingReport {
        losses = List.copyOf(losses);
        headParts = List.copyOf(headParts);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /** Returns the joint loss: the weighted sum. */
    public double loss() {
        return losses.stream().mapToDouble(loss -> loss.weight() * loss.value()).sum();
    }

    /**
     * Returns the mean negative log-likelihood of the original tokens at the masked positions; NaN without a generator.
     */
    public double mlmLoss() {
        return valueOf(Loss.MLM);
    }

    /** Returns the mean binary cross-entropy of the discriminator; NaN if it does not detect replaced tokens. */
    public double rtdLoss() {
        return valueOf(Loss.RTD);
    }

    /** Returns whether the discriminator was asked which tokens were replaced. */
    public boolean detects() {
        return !Double.isNaN(rtdLoss());
    }

    private double valueOf(Loss which) {
        return losses.stream()
                .filter(loss -> loss.loss() == which)
                .mapToDouble(MeanLoss::value)
                .findFirst()
                .orElse(Double.NaN);
    }
}
