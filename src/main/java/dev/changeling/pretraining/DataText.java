package dev.changeling.pretraining;

import dev.changeling.hub.MarkdownTable;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** A model card's account of what a run read. */
final class DataText {
    private DataText() {}

    static String of(RunFacts facts) {
        Map<String, String> inputs = facts.inputs();
        MarkdownTable table = new MarkdownTable("data", "value");
        OptionalLong rows = facts.size(RunInputs.TRAIN_ROWS);
        OptionalLong tokens = facts.size(RunInputs.TRAIN_TOKENS);
        if (rows.isPresent() && tokens.isPresent()) {
            table.row("to train on", "%,d rows, %s tokens", rows.getAsLong(), Amounts.count(tokens.getAsLong()));
            table.row("seen of it", "%s", seen(facts.tokens(), tokens.getAsLong()));
        } else {
            table.row("to train on", "how much is not recorded");
        }
        facts.size(RunInputs.HELD_OUT_ROWS).ifPresent(heldOut -> table.row("held out", "%,d rows", heldOut));
        table.row("data set, SHA-256 of its `dataset.json`", "%s", hash(inputs, RunInputs.DATASET));
        table.row("tokenizer's fingerprint, SHA-256", "%s", hash(inputs, RunInputs.TOKENIZER));
        String text = "What the text is, its language and where it is from, is not recorded.\n\n" + table;
        if (inputs.containsKey(RunInputs.INIT_FROM)) {
            return text + "\nThe run started from networks that were trained before (SHA-256 "
                    + hash(inputs, RunInputs.INIT_FROM)
                    + "); what those were trained on is not recorded, and does not count in the numbers above.\n";
        }
        return text;
    }

    private static String seen(long seen, long tokens) {
        double passes = (double) seen / Math.max(1, tokens);
        return passes < 1 ? Amounts.percent(passes) : String.format(Locale.ROOT, "%.1f times all", passes);
    }

    private static String hash(Map<String, String> inputs, String name) {
        String hash = inputs.get(name);
        return hash == null ? "not recorded" : "`" + hash + "`";
    }
}
