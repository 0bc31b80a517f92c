package dev.changeling.evaluation;

/**
 * How well both networks do on some tokens. A score that there was nothing to take of is NaN.
 *
 * @param mlmAccuracy part of the masked positions where the generator's best guess is the original
 * @param sampledAccuracy part of those where the generator wrote, in which its token is the original; NaN if it wrote
 *     none
 * @param generatorEntropy mean entropy of its distribution, nats
 * @param replacedFraction part of the tokens that differ from the original
 * @param rtdMajorityLoss the loss of one that gives every one of these tokens their replaced fraction
 * @param rtdAccuracy part of the tokens judged rightly at probability ½
 * @param rtdPrecision part of the tokens called replaced that were
 * @param rtdRecall part of the replaced tokens that were called so
 * @param rtdFalseAlarmRate part of the other tokens that were called replaced
 * @param rtdAuc area under the ROC curve
 * @param rtdCalibrationError expected calibration error of P(replaced), ten bins
 * @param masked masked positions counted
 * @param tokens tokens counted
 */
public record TokenReport(
        double mlmAccuracy,
        double sampledAccuracy,
        double generatorEntropy,
        double replacedFraction,
        double rtdMajorityLoss,
        double rtdAccuracy,
        double rtdPrecision,
        double rtdRecall,
        double rtdFalseAlarmRate,
        double rtdAuc,
        double rtdCalibrationError,
        long masked,
        long tokens) {}
