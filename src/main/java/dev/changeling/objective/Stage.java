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
     * @param steps of the run
     */
    static Stage at(StagesConfig config, long step, long steps) {
        if (!config.discriminator(steps).has(step)) {
            return GENERATOR_ALONE;
        }
        return config.generator(steps).has(step) ? JOINT : GENERATOR_FROZEN;
    }
}
