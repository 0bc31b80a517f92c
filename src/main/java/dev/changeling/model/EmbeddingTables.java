package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import org.bytedeco.pytorch.Tensor;

/**
 * Word, position and segment embeddings with their LayerNorm: what ELECTRA's two networks share (google
 * model/modeling.py:187-229). A network owns its tables if it is given tables of its own.
 */
public final class EmbeddingTables {
    /** The name of the word table, after its prefix. */
    public static final String WORDS = "electra.embeddings.word_embeddings.weight";

    private final Parameter words;
    private final Parameter positions;
    private final Parameter segments;
    private final LayerNorm norm;

    /**
     * Declares the tables.
     *
     * @param prefix of their names: {@code shared.}, {@code generator.} or {@code discriminator.}
     */
    public EmbeddingTables(ParameterStore store, String prefix, ModelConfig config, int vocabularySize) {
        String name = prefix + "electra.embeddings.";
        int width = config.embeddingSize();
        words = store.declare(prefix + WORDS, Parameter.Kind.WEIGHT, vocabularySize, width);
        positions =
                store.declare(name + "position_embeddings.weight", Parameter.Kind.WEIGHT, config.maxPositions(), width);
        segments = store.declare(
                name + "token_type_embeddings.weight", Parameter.Kind.WEIGHT, config.segmentTypes(), width);
        norm = new LayerNorm(store, name + "LayerNorm", width, config.layerNormEpsilon());
    }

    /** Returns the normalised sum of the three embeddings, [B, S, E]. */
    Tensor embed(PackedInput input, Dropout dropout) {
        Tensor sum_BSE = words.rows(input.tokens_BS())
                .add(positions.rows(input.positions_BS()))
                .add(segments.rows(input.segments_BS()));
        return dropout.ofHidden(norm.apply(sum_BSE));
    }

    void addWordGradient(Tensor gradient_VE, Tensor factor) {
        words.addGradient(gradient_VE, factor);
    }

    /** Returns the word table, [V, E]; the generator's output layer is tied to it. */
    Tensor words_VE() {
        return words.tensor();
    }
}
