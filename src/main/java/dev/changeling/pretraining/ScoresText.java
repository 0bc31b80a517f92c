package dev.changeling.pretraining;

import dev.changeling.config.ObjectiveConfig;
import dev.changeling.hub.MarkdownTable;
import dev.changeling.metrics.Metrics;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** A model card's held-out scores. */
final class ScoresText {
    private ScoresText() {}

    static String of(RunFacts facts) {
        return facts.heldOut().map(scores -> of(facts, scores)).orElse("Not scored.");
    }

    private static String of(RunFacts facts, Metrics scores) {
        String text = String.format(Locale.ROOT, "Taken at step %,d", scores.step());
        OptionalDouble tokens = scores.finite(MetricNames.HELD_OUT + "tokens");
        if (tokens.isPresent()) {
            text += String.format(
                    Locale.ROOT, ", on %,d held-out tokens of the run's data", (long) tokens.getAsDouble());
        }
        text += scores.step() == facts.step()
                ? ". Losses are in nats.\n\n"
                : String.format(
                        Locale.ROOT,
                        "; **the networks here are those of step %,d, which were not scored**. Losses are in nats.\n\n",
                        facts.step());
        return text
                + table(scores, facts)
                + (facts.detects()
                        ? unigram(facts.config().objective().sampling().unigramFraction())
                        : "");
    }

    private static String table(Metrics scores, RunFacts facts) {
        ObjectiveConfig objective = facts.config().objective();
        MarkdownTable table = new MarkdownTable("score", "value");
        if (objective.generates()) {
            table.row("MLM loss of the generator", "%s", number(scores, "mlm_loss"))
                    .row("MLM accuracy: its best guess is the original", "%s", percent(scores, "mlm_accuracy"));
        }
        if (objective.corrects()) {
            table.row("correction loss of the discriminator", "%s", number(scores, "correction_loss"))
                    .row("its best guess is the original", "%s", percent(scores, "correction_accuracy"));
        }
        return (facts.detects() ? withDetection(table, scores) : table).toString();
    }

    private static MarkdownTable withDetection(MarkdownTable table, Metrics scores) {
        OptionalDouble replaced = scores.finite(MetricNames.HELD_OUT + "replaced_fraction");
        return table.row("tokens replaced", "%s", percent(scores, "replaced_fraction"))
                .row(
                        "RTD loss of the discriminator",
                        "%s; %s for one that always answers with the replaced share",
                        number(scores, "rtd_loss"),
                        number(scores, "rtd_majority_loss"))
                .row("RTD AUC, area under the ROC curve", "%s; 0.5 by chance", number(scores, "rtd_auc"))
                .row(
                        "RTD accuracy at probability ½",
                        "%s%s",
                        percent(scores, "rtd_accuracy"),
                        replaced.isEmpty() ? "" : "; " + share(replaced.getAsDouble()))
                .row("RTD precision, 0 if no token was called replaced", "%s", percent(scores, "rtd_precision"))
                .row("RTD recall", "%s", percent(scores, "rtd_recall"));
    }

    private static String share(double replaced) {
        return replaced > 0.5
                ? Amounts.percent(replaced) + " for one that always answers \"replaced\""
                : Amounts.percent(1 - replaced) + " for one that always answers \"original\"";
    }

    private static String unigram(double fraction) {
        return fraction == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "\n%s of the replacements scored here were drawn from token frequencies, as in training. They are"
                                + " easier to find than the generator's own: the RTD scores are not to be compared with"
                                + " published ones. `changeling evaluate` gives those on the generator's alone, too.\n",
                        Amounts.percent(fraction));
    }

    private static String number(Metrics scores, String name) {
        return text(scores, name, value -> String.format(Locale.ROOT, "%.4f", value));
    }

    private static String percent(Metrics scores, String name) {
        return text(scores, name, Amounts::percent);
    }

    private static String text(Metrics scores, String name, DoubleFunction<String> format) {
        OptionalDouble value = scores.finite(MetricNames.HELD_OUT + name);
        if (value.isPresent()) {
            return format.apply(value.getAsDouble());
        }
        return scores.values().containsKey(MetricNames.HELD_OUT + name) ? "not finite" : "not recorded";
    }
}
