package dev.changeling.hub;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.model.Discriminator;
import dev.changeling.model.EmbeddingTables;
import dev.changeling.model.Pooling;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Folders of fine-tuned networks, as Hugging Face's {@code from_pretrained} opens them; one that makes vectors opens in
 * sentence-transformers, too.
 */
public final class TaskFolder {
    private static final String ID_TO_LABEL = "id2label";
    private static final String PROBLEM_TYPE = "problem_type";
    /** Our own: transformers leaves it to who asks. */
    private static final String MAY_BE_NONE = "answer_may_be_none";

    private TaskFolder() {}

    /**
     * A fine-tuned network.
     *
     * @param kind what it says
     * @param labels by id; none where there are none
     * @param pooling of one that makes vectors
     * @param mayBeNone of one that finds answers: whether it has learnt that there may be none
     * @param pretrained the network, its weights and its tokenizer
     */
    public record FineTuned(
            TaskKind kind, List<String> labels, Pooling pooling, boolean mayBeNone, Pretrained<TaskNetwork> pretrained)
            implements AutoCloseable {
        @Override
        public void close() {
            pretrained.close();
        }
    }

    /**
     * Writes a network; the folder appears as a whole or not at all.
     *
     * @param folder a new one
     * @param tokenizerFolder where the tokenizer's files are
     * @throws InputException if writing fails
     */
    public static void write(Path folder, FineTuned network, Path tokenizerFolder, @Nullable ModelCard card) {
        StandaloneModel<TaskNetwork> model = network.pretrained().model();
        TaskKind kind = network.kind();
        String prefix = kind == TaskKind.EMBEDDING ? Discriminator.PREFIX + EncoderFamily.TRUNK : Discriminator.PREFIX;
        try (ExportFolder export = ExportFolder.beginNetwork(folder)) {
            new NetworkFolder(
                            model.engine(),
                            model.parameters(),
                            Math.toIntExact(model.parameters()
                                    .part(Discriminator.PREFIX + EmbeddingTables.WORDS)
                                    .shape()
                                    .get(0)),
                            model.config(),
                            network.pretrained().tokenizer(),
                            tokenizerFolder,
                            network.pretrained().sequenceLength())
                    .write(
                            export.files(),
                            List.of(prefix),
                            kind.architecture(),
                            model.config().discriminator(),
                            settings(network),
                            card);
            if (kind == TaskKind.EMBEDDING) {
                modules(network)
                        .write(export.files(), model.config().discriminator().hiddenSize());
            }
            export.finish();
        } catch (IOException e) {
            throw FileFailure.unwritable(folder, e);
        }
    }

    private static SentenceModules modules(FineTuned network) {
        return new SentenceModules(
                Optional.of(network.pooling()),
                false,
                OptionalInt.of(network.pretrained().sequenceLength()));
    }

    private static Map<String, Object> settings(FineTuned network) {
        TaskKind kind = network.kind();
        List<String> labels = network.labels();
        Map<String, Object> settings = new LinkedHashMap<>();
        if (kind == TaskKind.ANSWERS) {
            settings.put(MAY_BE_NONE, network.mayBeNone());
        }
        if (!kind.problemType().isEmpty()) {
            settings.put(PROBLEM_TYPE, kind.problemType());
        }
        if (!labels.isEmpty()) {
            Map<String, String> names = new LinkedHashMap<>();
            Map<String, Integer> ids = new LinkedHashMap<>();
            for (int id = 0; id < labels.size(); id++) {
                names.put(Integer.toString(id), labels.get(id));
                ids.put(labels.get(id), id);
            }
            settings.put(ID_TO_LABEL, names);
            settings.put("label2id", ids);
        }
        return settings;
    }

    /**
     * Opens the folder of a fine-tuned ELECTRA.
     *
     * @throws InputException if a file is missing or damaged, or the network has no head for a task
     * @throws IOException if a file can't be read
     */
    public static FineTuned read(Path folder, Engine engine) throws IOException {
        try (SavedNetwork saved = SavedNetwork.open(folder)) {
            saved.requireElectra();
            JsonSettings json = config(folder);
            List<String> found = labels(json, folder);
            TaskKind kind = kind(found, json);
            List<String> labels = kind == TaskKind.ANSWERS || kind == TaskKind.EMBEDDING ? List.of() : found;
            Pooling pooling = SentenceModules.read(folder).pooling().orElse(Pooling.MEAN);
            Tokenizer tokenizer = null;
            StandaloneModel<TaskNetwork> model = null;
            boolean done = false;
            try {
                tokenizer = Tokenizers.load(folder);
                saved.config().requireRoomFor(tokenizer.vocabulary(), folder);
                model = kind.network(
                        engine, saved.config().model(), saved.config().vocabularySize(), labels.size(), pooling);
                saved.load(model);
                FineTuned network = new FineTuned(
                        kind,
                        labels,
                        pooling,
                        json.flag(MAY_BE_NONE, false),
                        new Pretrained<>(model, tokenizer, HuggingFaceImport.sequenceLength(folder, saved.config())));
                done = true;
                return network;
            } finally {
                if (!done) {
                    if (tokenizer != null) {
                        tokenizer.close();
                    }
                    if (model != null) {
                        model.close();
                    }
                }
            }
        }
    }

    /**
     * Returns what the network in a folder is for; its weights are not looked at.
     *
     * @throws InputException if the folder's configuration is missing or damaged, or the network has no head for a task
     * @throws IOException if the file can't be read
     */
    public static TaskKind kind(Path folder) throws IOException {
        JsonSettings json = config(folder);
        return kind(labels(json, folder), json);
    }

    /**
     * As {@link #kind}, but empty if the network has no head for a task.
     *
     * @throws InputException if the folder's configuration is missing or damaged
     * @throws IOException if the file can't be read
     */
    public static Optional<TaskKind> kindIfAny(Path folder) throws IOException {
        JsonSettings json = config(folder);
        boolean isTask =
                TaskKind.byArchitecture().keySet().stream().anyMatch(name -> json.isListOf("architectures", name));
        return isTask ? Optional.of(kind(labels(json, folder), json)) : Optional.empty();
    }

    private static JsonSettings config(Path folder) throws IOException {
        return JsonSettings.read(folder.resolve(HuggingFaceConfig.FILE), "a Hugging Face config.json");
    }

    private static TaskKind kind(List<String> labels, JsonSettings json) {
        TaskKind architecture = json.oneOfLists("architectures", TaskKind.byArchitecture());
        if (architecture != TaskKind.CLASSIFICATION) {
            return architecture;
        }
        Map<String, TaskKind> byProblem = new LinkedHashMap<>();
        for (TaskKind kind : TaskKind.values()) {
            if (!kind.problemType().isEmpty()) {
                byProblem.put(kind.problemType(), kind);
            }
        }
        // As transformers guesses, but that it looks at the type of the labels in training.
        TaskKind guessed = labels.size() == 1 ? TaskKind.REGRESSION : TaskKind.CLASSIFICATION;
        return json.has(PROBLEM_TYPE) ? json.oneOf(PROBLEM_TYPE, byProblem) : guessed;
    }

    private static List<String> labels(JsonSettings json, Path folder) {
        if (!json.has(ID_TO_LABEL)) {
            return List.of("LABEL_0", "LABEL_1"); // what transformers leaves out
        }
        Map<String, String> names = json.texts(ID_TO_LABEL, "an object of labels by their ids");
        if (names.isEmpty()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: %s: no labels; expected one or more",
                    folder.resolve(HuggingFaceConfig.FILE),
                    ID_TO_LABEL));
        }
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < names.size(); id++) {
            String label = names.get(Integer.toString(id));
            if (label == null) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: %s: no label %d; expected the ids 0 to %d",
                        folder.resolve(HuggingFaceConfig.FILE),
                        ID_TO_LABEL,
                        id,
                        names.size() - 1));
            }
            labels.add(label);
        }
        return List.copyOf(labels);
    }
}
