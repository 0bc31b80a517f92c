package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import dev.changeling.tensor.GradientHook;
import java.util.stream.Stream;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Word, position and segment embeddings with their LayerNorm: what ELECTRA's two networks share (google
 * model/modeling.py:187-229). A network owns its tables if it is given tables of its own.
 *
 * <p>Tables may stand over those of another network: then they hold the difference from them, which starts at 0, and no
 * gradient reaches the others (DeBERTaV3, arXiv 2111.09543, section 3.2).
 */
public final class EmbeddingTables {
    /** The name of the word table, after its prefix. */
    public static final String WORDS = "electra.embeddings.word_embeddings.weight";
    /** Ends the name of a table that is a difference, in place of {@link #WEIGHT}. */
    static final String DIFFERENCE = ".difference";
    /** Ends the name of a table. */
    static final String WEIGHT = ".weight";

    private final Parameter words;
    private final Parameter positions;
    private final Parameter segments;
    private final LayerNorm norm;
    private final @Nullable EmbeddingTables base;

    /**
     * Declares the tables.
     *
     * @param prefix of their names: {@code shared.}, {@code generator.} or {@code discriminator.}
     */
    public EmbeddingTables(ParameterStore store, String prefix, ModelConfig config, int vocabularySize) {
        this(store, prefix, config, vocabularySize, null);
    }

    /**
     * Declares tables over those of another network.
     *
     * @param base what they are the difference from
     */
    static EmbeddingTables over(
            EmbeddingTables base, ParameterStore store, String prefix, ModelConfig config, int vocabularySize) {
        return new EmbeddingTables(store, prefix, config, vocabularySize, base);
    }

    private EmbeddingTables(
            ParameterStore store,
            String prefix,
            ModelConfig config,
            int vocabularySize,
            @Nullable EmbeddingTables base) {
        this.base = base;
        String name = prefix + "electra.embeddings.";
        String suffix = base == null ? WEIGHT : DIFFERENCE;
        Parameter.Kind kind = base == null ? Parameter.Kind.WEIGHT : Parameter.Kind.DIFFERENCE;
        int width = config.embeddingSize();
        words = store.declare(name + "word_embeddings" + suffix, kind, vocabularySize, width);
        positions = store.declare(name + "position_embeddings" + suffix, kind, config.maxPositions(), width);
        segments = store.declare(name + "token_type_embeddings" + suffix, kind, config.segmentTypes(), width);
        norm = new LayerNorm(store, name + "LayerNorm", width, config.layerNormEpsilon());
    }

    /** Returns whether a tensor, by its full name, is the difference from a table of the generator's. */
    public static boolean isDifference(String name) {
        return name.endsWith(DIFFERENCE);
    }

    /**
     * Returns a tensor as the network uses it: one that is a difference with what it is a difference from, under the
     * name of the table; any other as it is.
     */
    public static Parameter.Part whole(ParameterStore parameters, Parameter.Part part) {
        if (!isDifference(part.name())) {
            return part;
        }
        String name = part.name().substring(0, part.name().length() - DIFFERENCE.length()) + WEIGHT;
        return new Parameter.Part(
                name, part.shape(), part.tensor().add(base(parameters, part).tensor()));
    }

    /** Returns what a tensor is the difference from. */
    public static Parameter.Part base(ParameterStore parameters, Parameter.Part difference) {
        String name = difference.name();
        return parameters.part(Generator.PREFIX
                + name.substring(Discriminator.PREFIX.length(), name.length() - DIFFERENCE.length())
                + WEIGHT);
    }

    /**
     * Returns the normalised sum of the three embeddings, [B, S, E].
     *
     * @param shift what is added to the sum, or null
     */
    Tensor embed(PackedInput input, @Nullable EmbeddingShift shift, Dropout dropout) {
        Tensor sum_BSE = isLearnedOnTheCpu() ? learnedSum(input) : sum(input);
        return dropout.ofHidden(norm.apply(shift == null ? sum_BSE : shift.applyTo(sum_BSE)));
    }

    private static Tensor lookUp(Parameter table, Tensor ids_BS) {
        return torch.embedding(table.tensor(), ids_BS);
    }

    private Tensor sum(PackedInput input) {
        Tensor own_BSE = lookUp(words, input.tokens_BS())
                .add(lookUp(positions, input.positions_BS()))
                .add(lookUp(segments, input.segments_BS()));
        return base == null ? own_BSE : own_BSE.add(base.sum(input).detach());
    }

    // On a GPU, adding to rows is done in no certain order, so that a run would not repeat to the last bit.
    private boolean isLearnedOnTheCpu() {
        return GradMode.is_enabled()
                && words.tensor().is_cpu()
                && Stream.of(words, positions, segments)
                        .anyMatch(table -> table.tensor().requires_grad());
    }

    /** The sum, cut off from autograd; its gradient is added to the rows that were looked up. */
    private Tensor learnedSum(PackedInput input) {
        Tensor sum_BSE;
        try (NoGradGuard noGrad = new NoGradGuard()) {
            sum_BSE = sum(input);
        }
        sum_BSE.set_requires_grad(true);
        GradientHook.listen(sum_BSE, gradient_BSE -> {
            words.addRowGradient(gradient_BSE, input.tokens_BS());
            positions.addRowGradient(gradient_BSE, input.positions_BS());
            segments.addRowGradient(gradient_BSE, input.segments_BS());
        });
        return sum_BSE;
    }

    void addWordGradient(Tensor gradient_VE, Tensor factor) {
        words.addGradient(gradient_VE, factor);
    }

    /** Returns the word table, [V, E]; output layers are tied to it. */
    Tensor words_VE() {
        return base == null
                ? words.tensor()
                : words.tensor().add(base.words_VE().detach());
    }
}
