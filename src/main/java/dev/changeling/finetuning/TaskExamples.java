package dev.changeling.finetuning;

import dev.changeling.error.UsageException;
import dev.changeling.task.Labels;
import dev.changeling.task.TextExample;
import java.util.List;
import java.util.function.Function;

/**
 * The examples of a task, read and found to be usable, and the task that they set: all that is known before there is a
 * network.
 *
 * @param split examples to learn from and to score on
 * @param metric the measure by which one training is better than another: one of the task's measures, of which higher
 *     is better and which are all among its scores; the first of them if none was asked for
 * @param task makes the task for a network, whose sequences these are
 * @param <X> an example
 * @param <T> a target
 * @param <P> what is predicted of an example
 */
record TaskExamples<X, T, P>(TaskFiles.Split<X> split, String metric, Function<TextItems, Task<X, T, P>> task) {

    /**
     * Returns examples that were found to be usable.
     *
     * @param measures of the task, any of which the plan may ask for
     * @throws UsageException if it asks for another
     */
    static <X, T, P> TaskExamples<X, T, P> of(
            FineTuningPlan plan,
            TaskFiles.Split<X> split,
            List<String> measures,
            Function<TextItems, Task<X, T, P>> task) {
        return new TaskExamples<>(split, metric(plan, measures), task);
    }

    /** Refuses labels that are not known. */
    static void requireKnown(Labels known, List<String> labels, String where) {
        for (String label : labels) {
            known.id(label, where);
        }
    }

    /** Refuses an example whose label is no number. */
    static void requireNumber(TextExample example) {
        Labels.number(example.labels().get(0), example.where());
    }

    private static String metric(FineTuningPlan plan, List<String> measures) {
        String metric = plan.metric() == null ? measures.get(0) : plan.metric();
        if (!measures.contains(metric)) {
            throw new UsageException("--metric " + metric + ": decides nothing in this task; expected one of "
                    + String.join(", ", measures));
        }
        return metric;
    }
}
