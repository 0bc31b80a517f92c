package dev.changeling.finetuning;

import dev.changeling.error.InputException;
import dev.changeling.hub.TaskFolder.FineTuned;
import dev.changeling.task.Labels;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A fine-tuned network, as the examples that it is scored on need to know it.
 *
 * @param folder that it is from
 * @param network what is scored
 * @param noneThreshold by how much there being no answer must be the likelier, to be said
 */
record TaughtNetwork(Path folder, FineTuned network, double noneThreshold) {
    /**
     * Returns the labels that it tells apart.
     *
     * @throws InputException if two are of one name
     */
    Labels labels() {
        List<String> names = network.labels();
        if (Set.copyOf(names).size() < names.size()) {
            throw new InputException(folder + ": two labels of one name; examples can't say which they mean");
        }
        return new Labels(names);
    }

    /** Returns whether it has learnt that there may be no answer. */
    boolean mayBeNone() {
        return network.mayBeNone();
    }

    /** Returns what makes sequences of texts. */
    TextItems text() {
        return new TextItems(
                network.pretrained().tokenizer(), network.pretrained().sequences());
    }
}
