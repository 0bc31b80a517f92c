package dev.changeling.evaluation;

/**
 * How well a discriminator finds replaced tokens.
 *
 * @param loss mean binary cross-entropy, nats
 * @param auc area under the ROC curve; ½ if only one class occurred
 * @param tokens tokens counted
 */
public record ReplacedTokenReport(double loss, double auc, long tokens) {}
