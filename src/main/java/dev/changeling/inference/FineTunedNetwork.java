package dev.changeling.inference;

import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceBuilder;
import dev.changeling.error.InputException;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskFolder.FineTuned;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.SequenceOutputs;
import dev.changeling.model.TaskNetwork;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** A fine-tuned network in use, whatever it says. Safe for use by several threads. */
final class FineTunedNetwork implements AutoCloseable {
    private final FineTuned network;
    private final SequenceOutputs outputs;
    private final OpenNetwork<TaskNetwork> use;

    private FineTunedNetwork(FineTuned network, String name) {
        this.network = network;
        this.outputs = SequenceOutputs.of(
                network.pretrained().model(), network.pretrained().padding());
        this.use = new OpenNetwork<>(network.pretrained(), name);
    }

    /**
     * Opens a folder.
     *
     * @param name of what uses it, for messages: {@code classifier}
     * @param kinds that it may be of
     * @throws InputException as {@link TaskFolder#read} does, and if the network is of another kind
     * @throws IOException if a file can't be read
     */
    static FineTunedNetwork load(Path folder, Engine engine, String name, Set<TaskKind> kinds) throws IOException {
        FineTuned network = TaskFolder.read(folder, engine);
        if (!kinds.contains(network.kind())) {
            network.close();
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: a network for %s; expected one for %s",
                    folder,
                    network.kind().title(),
                    String.join(
                            " or ", kinds.stream().sorted().map(TaskKind::title).toList())));
        }
        return new FineTunedNetwork(network, name);
    }

    /** Does something while the network is open. */
    <T> T use(Supplier<T> work) {
        return use.use(open -> work.get());
    }

    /** Returns the outputs for each sequence, see {@link SequenceOutputs#of(List)}; within {@link #use}. */
    List<float[]> outputs(List<Sequence> sequences) {
        return outputs.of(sequences);
    }

    /** Returns a text, or two, as a sequence. */
    Sequence sequence(TextPair texts) {
        int[] first = tokenizer().ids(texts.first());
        return texts.second() == null
                ? sequences().of(first)
                : sequences().of(first, tokenizer().ids(texts.second()));
    }

    /** Returns whether the network has learnt that there may be no answer. */
    boolean mayBeNone() {
        return network.mayBeNone();
    }

    TaskKind kind() {
        return network.kind();
    }

    List<String> labels() {
        return network.labels();
    }

    Tokenizer tokenizer() {
        return network.pretrained().tokenizer();
    }

    SequenceBuilder sequences() {
        return network.pretrained().sequences();
    }

    @Override
    public void close() {
        use.close();
    }
}
