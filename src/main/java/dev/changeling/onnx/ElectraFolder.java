package dev.changeling.onnx;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.hub.EncoderFamily;
import dev.changeling.hub.HuggingFaceConfig;
import dev.changeling.hub.WeightFiles;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.Tokenizers;
import dev.changeling.tokenizer.WordPieceTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Hugging Face folder of an ELECTRA that can become a graph: {@code config.json}, the weights and the tokenizer's
 * files.
 *
 * @param folder where it is
 * @param config the shape of the network
 * @param task what its head does
 */
record ElectraFolder(Path folder, HuggingFaceConfig config, Task task) {
    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final List<String> TOKENIZER_FILES =
            List.of(TOKENIZER, "tokenizer_config.json", "special_tokens_map.json", "vocab.txt");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * Looks at a folder; its weights are read later.
     *
     * @throws InputException if it is no ELECTRA, or of an architecture that is not exported, or its tokenizer is
     *     damaged or has more tokens than the network
     * @throws IOException if a file can't be read
     */
    static ElectraFolder read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException(
                    folder + ": no such folder; expected one with " + CONFIG + " and " + WeightFiles.SAFETENSORS);
        }
        Path file = folder.resolve(CONFIG);
        HuggingFaceConfig config = HuggingFaceConfig.read(file);
        if (config.family() != EncoderFamily.ELECTRA) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: model_type: \"%s\"; expected \"electra\"",
                    file,
                    config.family().modelType()));
        }
        Task task = task(file, JSON.readTree(Files.readAllBytes(file)));
        try (Tokenizer tokenizer = Tokenizers.load(folder)) {
            config.requireRoomFor(tokenizer.vocabulary(), folder);
        }
        return new ElectraFolder(folder, config, task);
    }

    /**
     * Returns what the folder can be exported for: its own task, or the encoder alone.
     *
     * @throws InputException if it has no head for that task
     */
    Task supported(Task wanted) {
        if (wanted != task && wanted != Task.FEATURE_EXTRACTION) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: architectures: %s, which does %s; expected %s for %s",
                    folder.resolve(CONFIG),
                    task.architecture(),
                    task.label(),
                    wanted.architecture(),
                    wanted.label()));
        }
        return wanted;
    }

    /** Opens the weights. */
    ElectraWeights weights() throws IOException {
        return ElectraWeights.open(folder);
    }

    /** Copies the tokenizer's files, and makes a tokenizer.json if the folder has a vocab.txt alone. */
    void copyTokenizer(Path target) throws IOException {
        if (!Files.exists(folder.resolve(TOKENIZER))) {
            try (Tokenizer tokenizer = Tokenizers.load(folder)) {
                if (tokenizer instanceof WordPieceTokenizer wordPiece) {
                    TokenizerFiles.write(
                            target, wordPiece.vocabulary(), wordPiece.normalization(), config.maxPositions());
                }
            }
        }
        for (String name : TOKENIZER_FILES) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                try {
                    Files.copy(file, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                } catch (IOException e) {
                    throw FileFailure.unreadable(file, e);
                }
            }
        }
    }

    /** Writes the configuration, its architecture that of the task. */
    void writeConfig(Path target, Task exported) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(Files.readAllBytes(folder.resolve(CONFIG)));
        json.putArray("architectures").add(exported.architecture());
        Files.writeString(target.resolve(CONFIG), JSON.writeValueAsString(json) + "\n", StandardCharsets.UTF_8);
    }

    private static Task task(Path file, JsonNode config) {
        JsonNode architectures = config.path("architectures");
        String found = architectures.isMissingNode() ? "missing" : architectures.toString();
        if (architectures.isArray()
                && architectures.size() == 1
                && architectures.get(0).isString()) {
            String architecture = architectures.get(0).stringValue();
            found = architecture + " can't be exported to ONNX";
            var task = Task.of(architecture);
            if (task.isPresent()) {
                return task.get();
            }
        }
        throw new InputException(String.format(
                Locale.ROOT,
                "%s: architectures: %s; expected one of %s",
                file,
                found,
                Arrays.stream(Task.values()).map(Task::architecture).collect(Collectors.joining(", "))));
    }
}
