package dev.changeling.pretraining;

import dev.changeling.config.MaskingConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.OptimizerConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.config.ScheduleConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.hub.MarkdownTable;
import java.util.Locale;

/** A model card's account of the training. */
final class TrainingText {
    private TrainingText() {}

    static String of(RunFacts facts) {
        RunConfig config = facts.config();
        ObjectiveConfig objective = config.objective();
        TrainingConfig training = config.training();
        String text = ObjectiveText.of(objective) + "\n\n"
                + (facts.finished() ? "" : "**The training is not finished; these networks are from within it.**\n\n");
        MarkdownTable table = new MarkdownTable("setting", "value")
                .row("loss", "%s", ObjectiveText.loss(objective))
                .row("masked", "%s", masked(facts));
        if (objective.replaces()) {
            table.row("replacements", "%s", ObjectiveText.replacements(objective.sampling()));
        }
        table.row("discriminator", "%s", shape(config.model().discriminator()));
        if (facts.isOfPair()) {
            table.row("generator", "%s", shape(config.model().generator()))
                    .row("shared by both", "%s", ObjectiveText.sharing(config.model()))
                    .row("stepped", "%s", ObjectiveText.updates(config));
        }
        return text
                + table.row("steps", "%,d of %,d", facts.step(), training.steps())
                        .row("batch", "%s", batch(facts))
                        .row("tokens seen", "%s, padding not counted", Amounts.count(facts.tokens()))
                        .row("optimizer", "%s", optimizer(config.optimizer()))
                        .row("learning rate", "%s", rate(config.optimizer(), config.schedule()))
                        .row("dropout", "%s", dropout(config.model()))
                        .row("starting weights", "%s", start(facts))
                        .row("precision", "%s", lower(training.precision()))
                        .row("seed", "%d", training.seed());
    }

    private static String masked(RunFacts facts) {
        ObjectiveConfig objective = facts.config().objective();
        MaskingConfig masking = objective.masking();
        if (objective.replaces() && !facts.isOfPair()) {
            return Amounts.percent(masking.fraction()) + " of the tokens, and replaced at once";
        }
        double original = 1 - masking.maskTokenFraction() - masking.randomTokenFraction();
        return String.format(
                Locale.ROOT,
                "%s of the tokens; there the %s sees [MASK] (%s), a random token (%s) or the original (%s)",
                Amounts.percent(masking.fraction()),
                facts.isOfPair() ? "generator" : "encoder",
                Amounts.percent(masking.maskTokenFraction()),
                Amounts.percent(masking.randomTokenFraction()),
                Amounts.percent(original));
    }

    private static String shape(NetworkConfig network) {
        return String.format(
                Locale.ROOT,
                "layers %d, width %d, feed-forward %d, heads %d",
                network.layers(),
                network.hiddenSize(),
                network.intermediateSize(),
                network.heads());
    }

    private static String batch(RunFacts facts) {
        int rows = facts.config().training().batchSize();
        return facts.size(RunInputs.ROW_LENGTH).stream()
                .mapToObj(length -> String.format(Locale.ROOT, "%,d rows of %,d tokens", rows, length))
                .findFirst()
                .orElseGet(() -> String.format(Locale.ROOT, "%,d rows", rows));
    }

    private static String optimizer(OptimizerConfig optimizer) {
        return String.format(
                Locale.ROOT,
                "AdamW, β₁ %s, β₂ %s, ε %s, %s bias correction, weight decay %s, %s",
                Amounts.number(optimizer.beta1()),
                Amounts.number(optimizer.beta2()),
                Amounts.number(optimizer.epsilon()),
                optimizer.biasCorrection() ? "with" : "without",
                Amounts.number(optimizer.weightDecay()),
                optimizer.clipNorm() == 0
                        ? "no clipping of the gradient"
                        : "gradient clipped to norm " + Amounts.number(optimizer.clipNorm()));
    }

    private static String rate(OptimizerConfig optimizer, ScheduleConfig schedule) {
        String after = switch (schedule.shape()) {
            case LINEAR -> "linear decay";
            case COSINE -> "cosine decay";
            case WARMUP_STABLE_DECAY ->
                String.format(
                        Locale.ROOT,
                        "constant, linear decay in the last %s of the steps",
                        Amounts.percent(schedule.decayFraction()));
        };
        return String.format(
                Locale.ROOT,
                "at most %s; warm-up over %,d steps; %s to %s of it",
                Amounts.number(optimizer.learningRate()),
                schedule.warmupSteps(),
                after,
                Amounts.percent(schedule.finalFraction()));
    }

    private static String dropout(ModelConfig model) {
        return String.format(
                Locale.ROOT,
                "%s, %s of the attention weights",
                Amounts.percent(model.dropout()),
                Amounts.percent(model.attentionDropout()));
    }

    private static String start(RunFacts facts) {
        if (facts.inputs().containsKey(RunInputs.INIT_FROM)) {
            return "those of networks that were trained before";
        }
        if (facts.starts().isEmpty()) {
            return "not recorded";
        }
        return String.format(
                Locale.ROOT,
                "random, scheme `%s`, standard deviation %s",
                lower(facts.config().model().initialization().scheme()),
                Amounts.number(facts.config().model().initialization().standardDeviation()));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
