package dev.changeling.pretraining;

import dev.changeling.config.ModelConfig;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.OptimizerConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.config.SamplingConfig;
import dev.changeling.config.StagesConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's objective in words, whichever member of the family it is. */
final class ObjectiveText {
    private ObjectiveText() {}

    /** Returns what the networks do to each other, a paragraph. */
    static String of(ObjectiveConfig objective) {
        if (!objective.detects()) {
            return objective.corrects()
                    ? "The network that is kept, called discriminator here, learns to predict the original tokens "
                            + correction(objective) + "."
                    : "The generator alone, a masked language model, learns to predict masked tokens.";
        }
        String writer = objective.generates()
                ? "Both networks at once, on one loss: the generator, a masked language model, writes tokens over part of the"
                        + " text, and the discriminator learns"
                : "One network alone: tokens are written over part of the text, and the discriminator learns";
        String asked = objective.rtdPositions() == ObjectiveConfig.Positions.ALL
                ? " to tell for every token whether it was replaced."
                : " to tell of each place that was masked whether its token was replaced.";
        return writer + asked + " A token that was written and is the original one counts as not replaced."
                + (objective.corrects() ? " It also predicts the original tokens " + correction(objective) + "." : "");
    }

    private static String correction(ObjectiveConfig objective) {
        return switch (objective.correction()) {
            case BERT -> "at the masked positions, of a text with [MASK] in it (a masked language model)";
            case REPLACE -> "at the masked positions, of a text with replacements in it (Replace MLM)";
            case ALL_TOKENS -> "at every position, with a gate that copies (All-tokens MLM)";
            case CORRECTIVE -> "at the masked positions (COCO-LM's corrective language model)";
        };
    }

    /** Returns the weighted sum. */
    static String loss(ObjectiveConfig objective) {
        List<String> terms = new ArrayList<>();
        add(terms, objective.mlmWeight(), "MLM loss");
        add(terms, objective.adversarialWeight(), "adversarial loss (REINFORCE)");
        if (objective.rtdBalance() > 0) {
            terms.add("λ · RTD loss (λ balanced at each step, gradients on the shared embeddings 1 : "
                    + Amounts.number(objective.rtdBalance()) + ")");
        } else if (objective.rtdWeight() > 0) {
            String lambda = Amounts.number(objective.rtdWeight());
            terms.add(lambda + " · RTD loss (λ = " + lambda
                    + (objective.rtdStartFactor() == 1
                            ? ")"
                            : ", " + Amounts.number(objective.rtdStartFactor()) + " times that at the start)"));
        }
        add(terms, objective.correctionWeight(), "correction loss");
        add(terms, objective.contrastWeight(), "contrast loss");
        return String.join(" + ", terms);
    }

    private static void add(List<String> terms, double weight, String loss) {
        if (weight > 0) {
            terms.add(Amounts.number(weight) + " · " + loss);
        }
    }

    /** Returns where the replacements come from. */
    static String replacements(SamplingConfig sampling) {
        String text = String.format(
                Locale.ROOT,
                "%s drawn from the generator's prediction (temperature %s), %s from the training text's token"
                        + " frequencies (unigram)",
                Amounts.percent(1 - sampling.unigramFraction() - sampling.uniformFraction()),
                Amounts.number(sampling.temperature()),
                Amounts.percent(sampling.unigramFraction()));
        return text
                + (sampling.uniformFraction() > 0
                        ? ", " + Amounts.percent(sampling.uniformFraction()) + " evenly from the vocabulary"
                        : "")
                + (sampling.startFactor() == 1
                        ? ""
                        : "; the temperature is " + Amounts.number(sampling.startFactor()) + " times that at the start")
                + (sampling.disallowCorrect() ? "; never the original token" : "");
    }

    /** Returns what both networks have in common. */
    static String sharing(ModelConfig model) {
        return switch (model.sharing()) {
            case NONE -> "nothing";
            case EMBEDDINGS -> String.format(Locale.ROOT, "the embedding tables, %d wide", model.embeddingSize());
            case DISENTANGLED ->
                String.format(
                        Locale.ROOT,
                        "the generator's embedding tables, %d wide; the discriminator adds a difference of its own to them"
                                + " and sends no gradient back",
                        model.embeddingSize());
            case ALL -> "all weights but the heads";
        };
    }

    /** Returns when and by whom each network is stepped. */
    static String updates(RunConfig config) {
        StagesConfig stages = config.objective().stages();
        List<String> parts = new ArrayList<>();
        parts.add(
                config.optimizer().update() == OptimizerConfig.Update.TOGETHER
                        ? "both networks together"
                        : "each network by an optimizer of its own, the generator first");
        if (stages.generatorAlone() > 0) {
            parts.add("the generator alone for the first " + Amounts.percent(stages.generatorAlone()) + " of the run");
        }
        if (stages.generatorFrozenFrom() < 1) {
            parts.add("the generator rests from " + Amounts.percent(stages.generatorFrozenFrom()) + " of the run on");
        }
        return String.join("; ", parts);
    }
}
