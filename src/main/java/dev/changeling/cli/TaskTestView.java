package dev.changeling.cli;

import dev.changeling.finetuning.TaskTest;
import dev.changeling.hub.TaskKind;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The scores of a fine-tuned network, for a person or a program.
 *
 * @param kind of the network
 * @param json whether for a program
 */
record TaskTestView(TaskKind kind, boolean json) {

    void show(TaskTest.Report report, PrintWriter print) {
        Map<String, Double> scores = report.scores().values();
        Double threshold = report.noneThreshold();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("task", kind.title());
            all.put("examples", report.examples());
            if (threshold != null) {
                all.put("none_threshold", threshold);
            }
            all.put("scores", scores);
            if (!report.scores().settings().isEmpty()) {
                all.put("best_settings", report.scores().settings());
            }
            print.println(JsonMapper.shared().writeValueAsString(all));
        } else {
            scores.forEach((name, value) -> print.println(String.format(Locale.ROOT, "%-24s %8.4f", name, value)));
            report.scores().settings().forEach((name, value) -> print.println(FineTuningView.setting(name, value)));
            print.println(String.format(
                    Locale.ROOT,
                    "on %,d example%s%s",
                    report.examples(),
                    report.examples() == 1 ? "" : "s",
                    threshold == null ? "" : String.format(Locale.ROOT, ", with --none-threshold %.4f", threshold)));
        }
        print.flush();
    }
}
