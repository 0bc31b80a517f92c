package dev.changeling.evaluation;

/**
 * How well both networks do. Losses in nats; no padding is counted.
 *
 * @param mlmLoss mean negative log-likelihood of the original tokens at the masked positions
 * @param mlmAccuracy part of the masked positions where the generator's best guess is the original
 * @param sampledAccuracy part where the token that was written is the original
 * @param generatorEntropy mean entropy of its distribution
 * @param replacedFraction part of all tokens that differ from the original
 * @param rtdLoss mean binary cross-entropy of the discriminator
 * @param rtdMajorityLoss the loss of one that gives every token the measured replaced fraction: the "stuck" line
 * @param rtdAccuracy part of the tokens judged rightly at probability ½
 * @param rtdPrecision part of the tokens called replaced that were; 0 if none was called so
 * @param rtdRecall part of the replaced tokens that were called so; 0 if there was none
 * @param rtdAuc area under the ROC curve; ½ if only one class occurred
 * @param masked masked positions counted
 * @param tokens tokens counted
 */
public record PretrainingReport(
        double mlmLoss,
        double mlmAccuracy,
        double sampledAccuracy,
        double generatorEntropy,
        double replacedFraction,
        double rtdLoss,
        double rtdMajorityLoss,
        double rtdAccuracy,
        double rtdPrecision,
        double rtdRecall,
        double rtdAuc,
        long masked,
        long tokens) {}
