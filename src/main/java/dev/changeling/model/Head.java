package dev.changeling.model;

/** What stands on the trunks in pre-training beside the generator's prediction of tokens. */
public enum Head {
    /** On the discriminator's: whether a token was replaced. */
    REPLACED_TOKENS,
    /** On the discriminator's: which token it was originally. */
    ORIGINAL_TOKENS,
    /** On the generator's: what its reward for a sample is likely to be, in adversarial training. */
    REWARD,
    /** On the generator's: how much each of its heads counts in what is drawn. */
    MIXTURE
}
