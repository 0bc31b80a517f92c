package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** The masked language model that corrupts: predicts the original token at chosen positions. */
public final class Generator {
    /** The prefix of its parameters' names. */
    public static final String PREFIX = "generator.";

    // No part of the network that is kept.
    private static final String REWARD_PREFIX = "generator_reward.";

    private final TransformerEncoder encoder;
    private final MaskedTokenHead head;
    private final @Nullable Linear reward;

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
        head = new MaskedTokenHead(store, PREFIX, config, hidden, vocabularySize, embeddings);
        reward = heads.contains(Head.REWARD) ? new Linear(store, REWARD_PREFIX + "dense", hidden, 1) : null;
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

    /** Returns what predicts tokens. */
    public MaskedTokenHead head() {
        return head;
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
        return head.output().logits(head.represent(encode(input, positions_M, dropout)));
    }
}
