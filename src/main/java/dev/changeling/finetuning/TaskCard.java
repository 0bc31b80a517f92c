package dev.changeling.finetuning;

import dev.changeling.checkpoint.Provenance;
import dev.changeling.config.NetworkConfig;
import dev.changeling.evaluation.Spread;
import dev.changeling.hub.CardMetadata;
import dev.changeling.hub.MarkdownTable;
import dev.changeling.hub.ModelCard;
import dev.changeling.hub.TaskFolder.FineTuned;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The model card of a fine-tuned network, made of what the fine-tuning knows and nothing else.
 *
 * @param plan what was done
 * @param report what came out
 * @param network the best seed's
 * @param provenance what it was done with
 */
record TaskCard(FineTuningPlan plan, FineTuningReport report, FineTuned network, Provenance provenance) {
    /** Labels that a page lists; there may be thousands. */
    private static final int SHOWN_LABELS = 50;

    ModelCard card() {
        CardWords words = TaskDefinition.of(plan.data().format()).words();
        NetworkConfig shape = network.pretrained().model().config().discriminator();
        return new ModelCard(
                new CardMetadata(
                        Optional.of(words.library()), Optional.of(words.pipeline()), List.of("electra", "changeling")),
                String.format(
                        Locale.ROOT,
                        "ELECTRA for %s, %d × %d",
                        report.kind().title(),
                        shape.layers(),
                        shape.hiddenSize()),
                what(words),
                training(),
                data(),
                scores(),
                usage(words),
                origin(),
                limits());
    }

    private String what(CardWords words) {
        return "An encoder, fine-tuned. " + words.says()
                + (network.labels().isEmpty() ? "" : "\n\nLabels: " + labels() + ".");
    }

    private String labels() {
        List<String> labels = network.labels();
        String shown = String.join(
                ", ",
                labels.stream()
                        .limit(SHOWN_LABELS)
                        .map(label -> "`" + label.replaceAll("[`\\s]", " ") + "`")
                        .toList());
        return labels.size() <= SHOWN_LABELS
                ? shown
                : String.format(Locale.ROOT, "%s and %,d more", shown, labels.size() - SHOWN_LABELS);
    }

    private String training() {
        FineTuningSettings settings = plan.settings();
        MarkdownTable table = new MarkdownTable("setting", "value")
                .row("starting weights", "%s", start())
                .row("epochs", "%d", settings.epochs())
                .row("batch", "%d", settings.batchSize())
                .row("learning rate", "%s, times %s from each layer to the one below", rate(), settings.layerDecay())
                .row("warm-up", "%s of the steps, then straight down to 0", settings.warmupFraction())
                .row("weight decay", "%s", settings.weightDecay())
                .row("dropout", "%s, %s of the attention weights", settings.dropout(), settings.attentionDropout())
                .row("longest text", "%d tokens", network.pretrained().sequenceLength())
                .row("seed", "%d, the best of %d", report.best(), report.seeds().size());
        return table.toString();
    }

    private String start() {
        if (plan.fromScratch()) {
            return "random";
        }
        return plan.settings().newLayers() == 0
                ? "those of a pre-trained network"
                : "those of a pre-trained network, the last " + plan.settings().newLayers() + " layers random";
    }

    private String rate() {
        return Double.toString(plan.settings().learningRate());
    }

    private String data() {
        MarkdownTable table = new MarkdownTable("data", "value")
                .row("to learn from", "%,d examples", report.train())
                .row("to score on", "%,d examples", report.dev());
        provenance.inputs().forEach((name, hash) -> table.row("SHA-256 of " + name, "`%s`", hash));
        return "What the examples are, and where they are from, is not recorded.\n\n" + table;
    }

    private String scores() {
        boolean several = report.seeds().size() > 1;
        MarkdownTable table = new MarkdownTable(
                "score", several ? "median of " + report.seeds().size() + " seeds (least – most)" : "value");
        for (Map.Entry<String, Spread> score : report.spreads().entrySet()) {
            Spread spread = score.getValue();
            table.row(
                    score.getKey(),
                    several ? "%.4f (%.4f – %.4f)" : "%.4f",
                    spread.median(),
                    spread.least(),
                    spread.most());
        }
        report.settings().forEach((name, value) -> table.row("best " + name + ", of this network", "%.4f", value));
        return several
                ? table + "\nThe network here is that of the best seed by `" + report.primary()
                        + "`: chosen on the examples that it is scored on, its own score flatters.\n"
                : table.toString();
    }

    private static String usage(CardWords words) {
        return "In Python, in this folder:\n\n```python\n" + words.python()
                + "```\n\nWith Changeling:\n\n```\nchangeling " + words.verb() + " \"your own text\"\n```\n";
    }

    private String origin() {
        MarkdownTable table = new MarkdownTable("what", "value");
        provenance.origin().forEach((name, value) -> table.row(name, "%s", value));
        return table.toString();
    }

    private String limits() {
        return "- It knows the kind of text that it was taught on; expect less on other text.\n"
                + String.format(
                        Locale.ROOT,
                        "- What is longer than %d tokens is cut, or read in parts.\n",
                        network.pretrained().sequenceLength());
    }
}
