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
import java.util.Optional;
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
 * @param head what its head does; empty for one that no graph here has
 */
record ElectraFolder(Path folder, HuggingFaceConfig config, Optional<Task> head) {
    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final List<String> TOKENIZER_FILES =
            List.of(TOKENIZER, "tokenizer_config.json", "special_tokens_map.json", "vocab.txt");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * Looks at a folder; its weights are read later.
     *
     * @throws InputException if it is no ELECTRA, or its tokenizer is damaged or has more tokens than the network
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
        Optional<Task> head =
                architecture(JSON.readTree(Files.readAllBytes(file))).flatMap(Task::of);
        try (Tokenizer tokenizer = Tokenizers.load(folder)) {
            config.requireRoomFor(tokenizer.vocabulary(), folder);
        }
        return new ElectraFolder(folder, config, head);
    }

    /**
     * Returns what the folder is exported for: its own task, or the encoder alone.
     *
     * @param wanted empty for its own
     * @throws InputException if it has no head for that task, or one that is not exported
     */
    Task supported(Optional<Task> wanted) throws IOException {
        if (wanted.isPresent() && wanted.get() == Task.FEATURE_EXTRACTION) {
            return wanted.get();
        }
        Task own = head.orElse(null);
        if (own == null) {
            throw notExported();
        }
        if (wanted.isPresent() && wanted.get() != own) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: architectures: %s, which does %s; expected %s for %s",
                    folder.resolve(CONFIG),
                    own.architecture(),
                    own.label(),
                    wanted.get().architecture(),
                    wanted.get().label()));
        }
        return own;
    }

    private InputException notExported() throws IOException {
        JsonNode config = JSON.readTree(Files.readAllBytes(folder.resolve(CONFIG)));
        String found = architecture(config)
                .map(name -> name + " can't be exported to ONNX")
                .orElse(
                        config.path("architectures").isMissingNode()
                                ? "missing"
                                : config.path("architectures").toString());
        return new InputException(String.format(
                Locale.ROOT,
                "%s: architectures: %s; expected one of %s, or --task %s for the encoder alone",
                folder.resolve(CONFIG),
                found,
                Arrays.stream(Task.values()).map(Task::architecture).collect(Collectors.joining(", ")),
                Task.FEATURE_EXTRACTION.label()));
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

    private static Optional<String> architecture(JsonNode config) {
        JsonNode architectures = config.path("architectures");
        return architectures.isArray()
                        && architectures.size() == 1
                        && architectures.get(0).isString()
                ? Optional.of(architectures.get(0).stringValue())
                : Optional.empty();
    }
}
