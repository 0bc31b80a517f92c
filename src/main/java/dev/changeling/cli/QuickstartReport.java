package dev.changeling.cli;

import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.evaluation.SwapReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The scores that the quickstart ends with, each beside what a model that has learnt nothing would get.
 *
 * @param heldOut scores of both networks
 * @param unigramCrossEntropy the MLM loss of one that knows only how frequent each token is, nats
 * @param swaps how often a swapped word is found
 * @param topics how often the topic of a gloss is
 */
record QuickstartReport(
        PretrainingReport heldOut, double unigramCrossEntropy, SwapReport swaps, QuickstartTask.Accuracies topics) {

    List<String> lines() {
        return List.of(
                line(
                        "generator      MLM loss %.2f nats; word frequencies alone give %.2f, so it reads %.2f nats from context",
                        heldOut.mlmLoss(), unigramCrossEntropy, unigramCrossEntropy - heldOut.mlmLoss()),
                line(
                        "discriminator  RTD loss %.4f; always saying \"original\" gives %.4f, so it is %.1f %% below",
                        heldOut.rtdLoss(),
                        heldOut.rtdMajorityLoss(),
                        100 * (1 - heldOut.rtdLoss() / heldOut.rtdMajorityLoss())),
                line("               AUC %.3f; 0.5 is guessing", heldOut.rtdAuc()),
                line(
                        "swapped words  the most suspected token in %.0f %% of %d sentences; guessing a word gives %.0f %%",
                        100 * swaps.hitRate(), swaps.sentences(), 100 * swaps.chanceHitRate()),
                line(
                        "as an encoder  its embeddings, under new layers, name the topic of a gloss, one of 45, for %.1f %%",
                        100 * topics.pretrained()),
                line(
                        "               of %,d; from random weights the same network does for %.1f %%",
                        topics.examples(), 100 * topics.fromScratch()));
    }

    String json() {
        Map<String, Object> scores = new LinkedHashMap<>();
        scores.put("mlm_loss", heldOut.mlmLoss());
        scores.put("unigram_cross_entropy", unigramCrossEntropy);
        scores.put("mlm_accuracy", heldOut.mlmAccuracy());
        scores.put("rtd_loss", heldOut.rtdLoss());
        scores.put("rtd_majority_loss", heldOut.rtdMajorityLoss());
        scores.put("rtd_auc", heldOut.rtdAuc());
        scores.put("replaced_fraction", heldOut.replacedFraction());
        scores.put("swap_sentences", swaps.sentences());
        scores.put("swap_hit_rate", swaps.hitRate());
        scores.put("swap_chance", swaps.chanceHitRate());
        scores.put("topic_accuracy", topics.pretrained());
        scores.put("topic_accuracy_from_scratch", topics.fromScratch());
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(scores) + "\n";
    }

    private static String line(String format, Object... arguments) {
        return String.format(Locale.ROOT, "  " + format, arguments);
    }
}
