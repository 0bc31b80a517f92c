package dev.changeling.hub;

import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.error.InputException;
import dev.changeling.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code config.json} of one network, as Hugging Face's {@code ElectraConfig} reads and writes it, or as a relative
 * of ELECTRA has it.
 *
 * @param family what the network is
 * @param vocabularySize V
 * @param embeddingSize E
 * @param network layers and widths
 * @param maxPositions length of the position table
 * @param segmentTypes number of segment ids
 * @param dropout probability that a hidden unit is dropped
 * @param attentionDropout probability that an attention weight is dropped
 * @param layerNormEpsilon added to the variance in LayerNorm
 * @param initializerRange standard deviation of starting weights
 * @param padding the id of [PAD]
 */
public record HuggingFaceConfig(
        EncoderFamily family,
        int vocabularySize,
        int embeddingSize,
        NetworkConfig network,
        int maxPositions,
        int segmentTypes,
        double dropout,
        double attentionDropout,
        double layerNormEpsilon,
        double initializerRange,
        int padding) {
    static final String FILE = "config.json";
    /** The erf-GELU. */
    private static final String ACTIVATION = "gelu";

    private static final String POSITIONS = "absolute";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static HuggingFaceConfig of(ModelConfig model, NetworkConfig network, int vocabularySize, int padding) {
        return new HuggingFaceConfig(
                EncoderFamily.ELECTRA,
                vocabularySize,
                model.embeddingSize(),
                network,
                model.maxPositions(),
                model.segmentTypes(),
                model.dropout(),
                model.attentionDropout(),
                model.layerNormEpsilon(),
                model.initialization().standardDeviation(),
                padding);
    }

    /** Returns the settings of a discriminator with this shape; the generator's, which no one has, are the same. */
    ModelConfig model() {
        return new ModelConfig(
                embeddingSize,
                maxPositions,
                segmentTypes,
                dropout,
                attentionDropout,
                layerNormEpsilon,
                new InitializationConfig(InitializationConfig.Scheme.STANDARD, initializerRange, 0, 0),
                network,
                network);
    }

    /**
     * Returns the text of the file.
     *
     * @param architecture the class that loads the folder, for example {@code ElectraForPreTraining}
     * @param settings that only this network has
     */
    String json(String architecture, Map<String, Object> settings) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("architectures", List.of(architecture));
        json.put("model_type", EncoderFamily.ELECTRA.modelType());
        json.put("vocab_size", vocabularySize);
        json.put("embedding_size", embeddingSize);
        json.put("hidden_size", network.hiddenSize());
        json.put("num_hidden_layers", network.layers());
        json.put("num_attention_heads", network.heads());
        json.put("intermediate_size", network.intermediateSize());
        json.put("hidden_act", ACTIVATION);
        json.put("hidden_dropout_prob", dropout);
        json.put("attention_probs_dropout_prob", attentionDropout);
        json.put("max_position_embeddings", maxPositions);
        json.put("position_embedding_type", POSITIONS);
        json.put("type_vocab_size", segmentTypes);
        json.put("layer_norm_eps", layerNormEpsilon);
        json.put("initializer_range", initializerRange);
        json.put("pad_token_id", padding);
        json.put("tie_word_embeddings", true);
        json.put("torch_dtype", "float32");
        // The settings of heads for other tasks, at their defaults.
        json.put("classifier_dropout", null);
        json.put("summary_type", "first");
        json.put("summary_use_proj", true);
        json.put("summary_activation", "gelu");
        json.put("summary_last_dropout", 0.1);
        json.put("use_cache", true);
        json.putAll(settings);
        return JSON.writeValueAsString(json) + "\n";
    }

    /**
     * Reads the file of any network that {@link dev.changeling.model.TransformerEncoder} can be. Keys that Hugging Face
     * leaves out when they have their default may be missing.
     *
     * @throws InputException if it is no such network, or a value makes no sense
     */
    public static HuggingFaceConfig read(Path file) throws IOException {
        JsonSettings json = JsonSettings.read(file, "a Hugging Face config.json");
        Map<String, EncoderFamily> families = new LinkedHashMap<>();
        for (EncoderFamily family : EncoderFamily.values()) {
            families.put(family.modelType(), family);
        }
        EncoderFamily family = json.oneOf("model_type", families);
        json.requireOrAbsent(family.setting("hidden_act"), ACTIVATION);
        json.requireOrAbsent("position_embedding_type", POSITIONS);
        int hiddenSize = json.positive(family.setting("hidden_size"));
        int heads = json.positive(family.setting("num_attention_heads"));
        if (hiddenSize % heads != 0) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: %s: %d; expected a divisor of %s, %d",
                    file,
                    family.setting("num_attention_heads"),
                    heads,
                    family.setting("hidden_size"),
                    hiddenSize));
        }
        NetworkConfig network = new NetworkConfig(
                json.positive(family.setting("num_hidden_layers")),
                hiddenSize,
                heads,
                json.positive(family.setting("intermediate_size")));
        return new HuggingFaceConfig(
                family,
                json.positive("vocab_size"),
                family.hasEmbeddingSize() ? json.positive("embedding_size") : hiddenSize,
                network,
                json.positive("max_position_embeddings"),
                family.hasSegments() ? json.positive("type_vocab_size") : 2,
                json.probability(family.setting("hidden_dropout_prob"), 0.1),
                json.probability(family.setting("attention_probs_dropout_prob"), 0.1),
                json.positiveNumber("layer_norm_eps", 1e-12),
                json.positiveNumber("initializer_range", 0.02),
                json.integer("pad_token_id", 0));
    }

    /**
     * Compares the network with a tokenizer. It may have more tokens, as some are padded to a round number.
     *
     * @param folder where both are, for the message
     * @throws InputException if the network has fewer
     */
    public void requireRoomFor(Vocabulary vocabulary, Path folder) {
        if (vocabulary.size() > vocabularySize) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: a tokenizer of %d tokens, but %s says vocab_size %d",
                    folder,
                    vocabulary.size(),
                    FILE,
                    vocabularySize));
        }
    }
}
