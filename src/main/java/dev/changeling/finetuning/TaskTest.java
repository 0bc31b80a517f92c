package dev.changeling.finetuning;

import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskFolder.FineTuned;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.SequenceOutputs;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scores of a fine-tuned network on labelled examples that it was neither trained on nor chosen by. */
public final class TaskTest {
    private TaskTest() {}

    /**
     * What came out.
     *
     * @param examples that were scored on
     * @param scores what the network got
     * @param noneThreshold with which it said that there is no answer; null for one that never does
     */
    public record Report(
            int examples, TaskScores scores, @Nullable Double noneThreshold) {}

    /**
     * Scores the network in a folder.
     *
     * @param file the examples; the network's kind is that of its format
     * @param noneThreshold by how much there being no answer must be the likelier, to be said; null for what was not
     *     asked for, which is 0
     * @throws InputException if the network or the examples can't be used, or a label is none of the network's
     * @throws UsageException if the network has no use for a threshold, or the examples are none of its kind
     * @throws IOException if a file can't be read
     */
    public static Report run(Path model, TaskFormat format, Path file, Engine engine, @Nullable Double noneThreshold)
            throws IOException {
        try (FineTuned network = TaskFolder.read(model, engine)) {
            requireUse(noneThreshold, network, model);
            TaughtNetwork taught = new TaughtNetwork(model, network, noneThreshold == null ? 0 : noneThreshold);
            return score(TaskDefinition.of(format), taught, file);
        }
    }

    private static void requireUse(@Nullable Double noneThreshold, FineTuned network, Path model) {
        if (noneThreshold == null) {
            return;
        }
        if (network.kind() != TaskKind.ANSWERS) {
            throw new UsageException(
                    "--none-threshold: " + model + " is for " + network.kind().title() + ", not for answers");
        }
        if (!network.mayBeNone()) {
            throw new UsageException("--none-threshold: " + model + " has not learnt that there may be no answer");
        }
    }

    private static <X, T, P> Report score(TaskDefinition<X, T, P> definition, TaughtNetwork taught, Path file) {
        List<X> examples = definition.read(file);
        if (examples.isEmpty()) {
            throw new InputException(file + ": no examples in it; expected some to score on");
        }
        Task<X, T, P> task = definition.taught(taught, examples);
        FineTuned network = taught.network();
        SequenceOutputs outputs = SequenceOutputs.of(
                network.pretrained().model(), network.pretrained().padding());
        List<P> predictions = Predictions.of(task, examples, outputs::of, output -> {});
        return new Report(
                examples.size(),
                task.scores(examples, predictions),
                network.mayBeNone() ? taught.noneThreshold() : null);
    }
}
