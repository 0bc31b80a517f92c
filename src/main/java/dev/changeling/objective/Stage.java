package dev.changeling.objective;

import dev.changeling.config.StagesConfig;

/** Which of the two networks learns. */
public enum Stage {
    /** Both: joint training. */
    JOINT,
    /** The generator; the discriminator does nothing yet. */
    GENERATOR_ALONE,
    /** The discriminator; the generator only writes, without dropout. */
    GENERATOR_FROZEN;

    /**
     * Returns the stage of a training step.
     *
     * @param step from 0
     */
    static Stage at(StagesConfig config, long step) {
        if (!config.discriminatorLearnsAt(step)) {
            return GENERATOR_ALONE;
        }
        return config.generatorLearnsAt(step) ? JOINT : GENERATOR_FROZEN;
    }
}
