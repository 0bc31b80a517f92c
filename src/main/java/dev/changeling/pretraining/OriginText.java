package dev.changeling.pretraining;

import dev.changeling.checkpoint.Provenance;
import dev.changeling.hub.MarkdownTable;

/** A model card's account of the program and the machine. */
final class OriginText {
    private OriginText() {}

    static String of(RunFacts facts) {
        if (facts.starts().isEmpty()) {
            return "Not recorded: the run's provenance is gone.";
        }
        Provenance last = facts.starts().get(facts.starts().size() - 1);
        MarkdownTable table = new MarkdownTable("what", "value");
        last.origin().forEach((name, value) -> table.row(name, "%s", value));
        return facts.starts().size() == 1
                ? table.toString()
                : "The run was started " + facts.starts().size() + " times; this is the last.\n\n" + table;
    }
}
