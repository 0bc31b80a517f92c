package dev.changeling.report;

/** How the game between the two networks stands. What comes first explains what comes later. */
public enum Condition {
    /** A loss is not finite, or most of what training had won is lost again. */
    DIVERGED("diverged", "not diverged"),
    /** The generator writes the same few tokens, sure of itself and wrong. */
    GENERATOR_COLLAPSED("generator collapsed", "generator not collapsed"),
    /** The generator leaves the discriminator too little that it could find. */
    GENERATOR_TOO_STRONG("generator too strong", "generator not too strong"),
    /** The discriminator has learnt no more than how rare replacements are. */
    DISCRIMINATOR_STUCK("discriminator stuck on the majority", "discriminator not stuck on the majority"),
    /** The generator has learnt no more than how frequent each token is. */
    GENERATOR_IDLE("generator has learnt frequencies only", "generator has learnt more than frequencies"),
    /** The discriminator's states lie in a few directions: whatever else they could tell apart is lost. */
    ENCODER_SQUEEZED("encoder squeezed", "encoder not squeezed"),
    /** The warm-up is not over, or there are too few numbers. */
    TOO_EARLY("too early to say", "late enough to say"),
    /** There is one network, and nothing is replaced. */
    NO_GAME("no game: one network learns", "a game between two"),
    /** No number of the last steps can be judged. */
    NOTHING_MEASURED("nothing to judge yet", "something to judge"),
    /** Nothing of the above. */
    HEALTHY("healthy", "not healthy");

    private final String words;
    private final String denied;

    Condition(String words, String denied) {
        this.words = words;
        this.denied = denied;
    }

    /** Returns it in words, in lower case. */
    public String words() {
        return words;
    }

    /** Returns in words that it is not so. */
    String denied() {
        return denied;
    }
}
