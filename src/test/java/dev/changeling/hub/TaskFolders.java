package dev.changeling.hub;

import dev.changeling.TestExports;
import dev.changeling.hub.TaskFolder.FineTuned;
import dev.changeling.model.Initialization;
import dev.changeling.model.Pooling;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Folders of fine-tuned networks that were never trained, for tests. */
public final class TaskFolders {
    private TaskFolders() {}

    /** Returns an untrained network, whose outputs differ from text to text. */
    public static FineTuned network(TaskKind kind, List<String> labels, Pooling pooling, Tokenizer tokenizer) {
        StandaloneModel<TaskNetwork> model = kind.network(
                TestExports.engine(),
                TestExports.config(),
                TestExports.vocabulary().size(),
                labels.size(),
                pooling);
        Initialization.apply(model.parameters(), name -> true, 0.5, 5);
        return new FineTuned(
                kind,
                labels,
                pooling,
                kind == TaskKind.ANSWERS,
                new Pretrained<>(model, tokenizer, TestExports.SEQUENCE_LENGTH));
    }

    /** Writes an untrained network; returns its folder, named after its kind. */
    public static Path write(Path folder, TaskKind kind, String... labels) throws IOException {
        Path tokenizer = folder.resolve("tokenizer");
        if (!Files.exists(tokenizer)) {
            TestExports.tokenizer(tokenizer);
        }
        Path target = folder.resolve(kind.name());
        try (FineTuned network = network(kind, List.of(labels), Pooling.MEAN, Tokenizers.load(tokenizer))) {
            TaskFolder.write(target, network, tokenizer, null);
        }
        return target;
    }
}
