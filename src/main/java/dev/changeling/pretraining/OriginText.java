package dev.changeling.pretraining;

import dev.changeling.checkpoint.Provenance;

/** A model card's account of the program and the machine. */
final class OriginText {
    private OriginText() {}

    static String of(RunFacts facts) {
        if (facts.starts().isEmpty()) {
            return "Not recorded: the run's provenance is gone.";
        }
        Provenance last = facts.starts().get(facts.starts().size() - 1);
        MarkdownTable table =
                new MarkdownTable("what", "value").row("Changeling", "%s, commit %s", last.version(), last.commit());
        last.versions().forEach((name, version) -> table.row(name, "%s", version));
        table.row("JDK", "%s", last.jdk())
                .row("operating system", "%s", last.os())
                .row("processor", "%s, %d for the program", last.cpu(), last.processors())
                .row("device", "%s", last.device().isEmpty() ? "not recorded" : last.device())
                .row("CPU threads", "%s", last.threads() == 0 ? "not recorded" : last.threads())
                .row("started", "%s", last.started());
        return facts.starts().size() == 1
                ? table.toString()
                : "The run was started " + facts.starts().size() + " times; this is the last.\n\n" + table;
    }
}
