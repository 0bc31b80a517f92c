package dev.changeling.hub;

import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.error.InputException;
import dev.changeling.model.EmbeddingTables;
import dev.changeling.model.Parameter;
import dev.changeling.model.ParameterStore;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsWriter;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fills folders of networks: {@code config.json}, weights, the tokenizer's files and a model card.
 *
 * @param engine that holds the parameters
 * @param parameters of the network, perhaps with those of others
 * @param vocabularySize V
 * @param config that the model was built with
 * @param tokenizer of the network
 * @param tokenizerFolder where the tokenizer is
 * @param sequenceLength becomes the tokenizer's {@code model_max_length}, in tokens
 */
record NetworkFolder(
        Engine engine,
        ParameterStore parameters,
        int vocabularySize,
        ModelConfig config,
        Tokenizer tokenizer,
        Path tokenizerFolder,
        int sequenceLength) {
    /** The class of a discriminator that detects replaced tokens. */
    static final String PRE_TRAINING = "ElectraForPreTraining";

    /** The class of a network that predicts tokens. */
    static final String MASKED_LM = "ElectraForMaskedLM";

    /**
     * Refuses a tokenizer of more or fewer tokens than the network has.
     *
     * @throws InputException if it is one
     */
    void requireSameSize() {
        int tokens = tokenizer.vocabulary().size();
        if (tokens != vocabularySize()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: a tokenizer of %d tokens; the model was trained with one of %d",
                    tokenizerFolder,
                    tokens,
                    vocabularySize()));
        }
    }

    /**
     * Writes a network's files.
     *
     * @param prefixes of its parameters' names; what follows them are the names in the file
     * @param architecture the class that loads the folder
     * @param network its layers and widths
     */
    void write(Path out, List<String> prefixes, String architecture, NetworkConfig network, @Nullable ModelCard card)
            throws IOException {
        write(out, prefixes, architecture, network, Map.of(), card);
    }

    /**
     * Writes a network's files.
     *
     * @param settings go into {@code config.json}, too
     */
    void write(
            Path out,
            List<String> prefixes,
            String architecture,
            NetworkConfig network,
            Map<String, Object> settings,
            @Nullable ModelCard card)
            throws IOException {
        try (Engine.Scope scope = engine.scope()) {
            HuggingFaceConfig json = HuggingFaceConfig.of(
                    config,
                    network,
                    vocabularySize(),
                    tokenizer.vocabulary().special().padding());
            Files.writeString(
                    out.resolve(HuggingFaceConfig.FILE), json.json(architecture, settings), StandardCharsets.UTF_8);
            SafetensorsWriter.write(
                    out.resolve(WeightFiles.SAFETENSORS),
                    arrays(prefixes, name -> isOfAnotherHead(architecture, name)),
                    Map.of());
        }
        HuggingFaceTokenizerFiles.write(tokenizer, tokenizerFolder, out, sequenceLength);
        if (card != null) {
            card.write(out);
        }
    }

    // A discriminator with two heads is written as what one of them makes it.
    private static boolean isOfAnotherHead(String architecture, String name) {
        return architecture.equals(PRE_TRAINING) && name.startsWith("generator_");
    }

    private List<NamedArray> arrays(List<String> prefixes, Predicate<String> leftOut) {
        List<NamedArray> arrays = new ArrayList<>();
        for (Parameter.Part declared : parameters.parts().values()) {
            Parameter.Part part = EmbeddingTables.whole(parameters, declared);
            for (String prefix : prefixes) {
                if (part.name().startsWith(prefix) && !leftOut.test(part.name().substring(prefix.length()))) {
                    arrays.add(new NamedArray(
                            part.name().substring(prefix.length()),
                            NamedArray.Type.F32,
                            part.shape(),
                            HostCopy.bytesOf(part.tensor())));
                }
            }
        }
        return arrays;
    }
}
