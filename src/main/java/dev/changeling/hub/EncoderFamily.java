package dev.changeling.hub;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The networks of Hugging Face whose layers are ELECTRA's (and so BERT's), with the names that each has for its tensors
 * and settings.
 */
public enum EncoderFamily {
    ELECTRA("electra"),
    BERT("bert"),
    DISTILBERT("distilbert");

    /** What the names of ELECTRA's trunk begin with. */
    public static final String TRUNK = "electra.";

    private static final Pattern TRUNK_PART = Pattern.compile("(embeddings|embeddings_project|encoder)\\..+");
    private static final Pattern DISTILBERT_LAYER = Pattern.compile("transformer\\.layer\\.(\\d+)\\.(.+)\\.(\\w+)");
    private static final Map<String, String> DISTILBERT_MODULES = Map.of(
            "attention.q_lin", "attention.self.query",
            "attention.k_lin", "attention.self.key",
            "attention.v_lin", "attention.self.value",
            "attention.out_lin", "attention.output.dense",
            "sa_layer_norm", "attention.output.LayerNorm",
            "ffn.lin1", "intermediate.dense",
            "ffn.lin2", "output.dense",
            "output_layer_norm", "output.LayerNorm");

    private static final Map<String, String> DISTILBERT_SETTINGS = Map.of(
            "hidden_size", "dim",
            "num_hidden_layers", "n_layers",
            "num_attention_heads", "n_heads",
            "intermediate_size", "hidden_dim",
            "hidden_dropout_prob", "dropout",
            "attention_probs_dropout_prob", "attention_dropout",
            "hidden_act", "activation");

    private final String modelType;
    private final String trunk;

    EncoderFamily(String modelType) {
        this.modelType = modelType;
        this.trunk = modelType + ".";
    }

    /** Returns what {@code config.json} calls the family. */
    public String modelType() {
        return modelType;
    }

    /** Returns what the family calls a setting of BERT's. */
    String setting(String name) {
        return this == DISTILBERT ? DISTILBERT_SETTINGS.getOrDefault(name, name) : name;
    }

    /** Returns whether E and H are two settings. */
    boolean hasEmbeddingSize() {
        return this == ELECTRA;
    }

    /** Returns whether there are segment embeddings. */
    boolean hasSegments() {
        return this != DISTILBERT;
    }

    /** Returns the name that ELECTRA has for a tensor of this family; empty if ELECTRA has no such tensor. */
    public Optional<String> electraName(String saved) {
        // As the first conversions from TensorFlow had it.
        String name = saved.replaceFirst("LayerNorm\\.gamma$", "LayerNorm.weight")
                .replaceFirst("LayerNorm\\.beta$", "LayerNorm.bias");
        boolean inTrunk = name.startsWith(trunk);
        String bare = inTrunk ? name.substring(trunk.length()) : name;
        if (this == DISTILBERT) {
            Matcher layer = DISTILBERT_LAYER.matcher(bare);
            if (layer.matches()) {
                return Optional.ofNullable(DISTILBERT_MODULES.get(layer.group(2)))
                        .map(module -> TRUNK + "encoder.layer." + layer.group(1) + "." + module + "." + layer.group(3));
            }
        }
        if (TRUNK_PART.matcher(bare).matches()) {
            return Optional.of(TRUNK + bare);
        }
        return this == ELECTRA && !inTrunk ? Optional.of(name) : Optional.empty();
    }
}
