package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The masked language model that corrupts: predicts the original token at chosen positions.
 *
 * <p>It may have several heads, one on its last layer and others on layers below, so that it is several generators of
 * different depths in one (Meng et al., AMOS, arXiv 2204.03243): no gradient of a head flows below the layer of the
 * head before it. As there, the {@code k}-th of K heads stands on layer {@code L · (k + 1) / (K + 1)} of L: 4, 6 and 8
 * of 8. The published code (microsoft/AMOS, fairseq/models/amos/model.py) has one head read all these layers; here each
 * has its own, tied to the one word table, and the last is that of the network that is kept.
 */
public final class Generator {
    /** The prefix of its parameters' names. */
    public static final String PREFIX = "generator.";

    // No parts of the network that is kept.
    private static final String REWARD_PREFIX = "generator_reward.";
    private static final String MIXTURE_PREFIX = "generator_mixture.";
    private static final String INNER_PREFIX = "generator_inner_";

    private final TransformerEncoder encoder;
    private final List<MaskedTokenHead> heads;
    private final List<Integer> depths;
    private final @Nullable Linear reward;
    private final @Nullable Parameter mixture;

    /**
     * Declares the heads' parameters.
     *
     * @param encoder a {@link #trunk} or another network's of its shape, declared in the same store
     * @param embeddings of the encoder
     */
    Generator(
            ParameterStore store,
            ModelConfig config,
            int vocabularySize,
            TransformerEncoder encoder,
            EmbeddingTables embeddings,
            Set<Head> heads) {
        this.encoder = encoder;
        int hidden = config.generator().hiddenSize();
        depths = depths(config.generator().layers(), config.generatorHeads());
        List<MaskedTokenHead> predicting = new ArrayList<>();
        for (int depth : depths) {
            String prefix = depth == config.generator().layers() ? PREFIX : INNER_PREFIX + predicting.size() + '.';
            predicting.add(new MaskedTokenHead(store, prefix, config, hidden, vocabularySize, embeddings));
        }
        this.heads = List.copyOf(predicting);
        reward = heads.contains(Head.REWARD) ? new Linear(store, REWARD_PREFIX + "dense", hidden, 1) : null;
        mixture = heads.contains(Head.MIXTURE)
                ? store.declare(MIXTURE_PREFIX + "dense.weight", Parameter.Kind.WEIGHT, 1, hidden)
                : null;
    }

    /** Returns how many of a generator's layers there are up to each of its heads, ascending. */
    static List<Integer> depths(int layers, int heads) {
        return IntStream.rangeClosed(1, heads)
                .mapToObj(k -> layers * (k + 1) / (heads + 1))
                .toList();
    }

    /**
     * Declares a trunk without its head.
     *
     * @param embeddings its own tables, or those that it shares
     */
    static TransformerEncoder trunk(ParameterStore store, ModelConfig config, EmbeddingTables embeddings) {
        return new TransformerEncoder(store, PREFIX, config, config.generator(), embeddings);
    }

    /**
     * Returns the last layer's hidden states at some positions, [M, H].
     *
     * @param positions_M flat indices into B·S
     */
    public Tensor encode(PackedInput input, Tensor positions_M, Dropout dropout) {
        return encoder.encodeAt(positions_M, input, dropout);
    }

    /**
     * Returns what each head reads at some positions, [M, H], in the order of {@link #heads()}.
     *
     * @param positions_M flat indices into B·S
     */
    public List<Tensor> encodeForHeads(PackedInput input, Tensor positions_M, Dropout dropout) {
        return encoder.encodeAt(positions_M, depths, input, dropout);
    }

    /** Returns what predicts tokens from the last layer. */
    public MaskedTokenHead head() {
        return heads.get(heads.size() - 1);
    }

    /** Returns all that predict tokens, that on the lowest layer first. */
    public List<MaskedTokenHead> heads() {
        return heads;
    }

    /**
     * Returns how much each head counts in the mixture at each of some positions, as logits, [M, K]: {@code v · h} with
     * h what the head reads and one v for all heads, as in the published code. No gradient flows to h.
     *
     * @param hidden_MH what the heads read
     * @return zeros, a mixture of equal parts, if the generator was made without a head for {@link Head#MIXTURE}
     */
    public Tensor mixtureLogits(List<Tensor> hidden_MH) {
        TensorVector logits_M1 = new TensorVector();
        for (Tensor of_MH : hidden_MH) {
            Tensor read_MH = of_MH.detach();
            logits_M1.push_back(
                    mixture == null
                            ? torch.zeros_like(read_MH.narrow(1, 0, 1))
                            : torch.linear(read_MH, mixture.tensor(), new TensorOptional()));
        }
        return torch.cat(logits_M1, 1).to(torch.ScalarType.Float);
    }

    /**
     * Returns what the reward for a sample at each of some positions is likely to be, as a logit, [M].
     *
     * @param hidden_MH the last layer's hidden states
     */
    public Tensor foreseenReward(Tensor hidden_MH) {
        if (reward == null) {
            throw new IllegalStateException("the generator was made without a head for " + Head.REWARD);
        }
        return reward.apply(hidden_MH).squeeze(1);
    }

    /**
     * Returns the logits over the vocabulary at some positions, [M, V]: all of them at once, so not for many positions.
     *
     * @param positions_M flat indices into B·S
     */
    public Tensor predict(PackedInput input, Tensor positions_M, Dropout dropout) {
        return head().output().logits(head().represent(encode(input, positions_M, dropout)));
    }
}
