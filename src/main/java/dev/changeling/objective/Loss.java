package dev.changeling.objective;

import java.util.Locale;

/** The losses that joint training adds up, each of one of the networks. */
public enum Loss {
    /** The generator's: negative log-likelihood of the original tokens at the masked positions, L_MLM. */
    MLM(false),
    /** The generator's: the same of its heads below the last one, added up. */
    INNER_MLM(false),
    /** The generator's: how little its samples fool the discriminator, see {@link AdversarialLoss}. */
    ADVERSARIAL(false),
    /** The generator's: how badly its baseline foresees the reward of {@link #ADVERSARIAL}. */
    BASELINE(false),
    /** The discriminator's: binary cross-entropy of "replaced", L_RTD. */
    RTD(true),
    /** The discriminator's: negative log-likelihood of the original tokens. */
    CORRECTION(true),
    /** The discriminator's: telling sequences apart. */
    CONTRAST(true);

    private final boolean ofDiscriminator;

    Loss(boolean ofDiscriminator) {
        this.ofDiscriminator = ofDiscriminator;
    }

    /** Returns whether it is the discriminator's, and not the generator's. */
    public boolean isOfDiscriminator() {
        return ofDiscriminator;
    }

    /** Returns the name under which metrics have it, {@code mlm} for example. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
