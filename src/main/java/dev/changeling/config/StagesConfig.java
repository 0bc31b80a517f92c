package dev.changeling.config;

/**
 * When each network learns, in parts of the run. Joint training is 0 and 1.
 *
 * @param generatorAlone the part at its start in which the discriminator does nothing
 * @param generatorFrozenFrom where the generator stops to learn; 1 for never
 * @param discriminatorFromGenerator whether the discriminator starts from the generator's weights when its turn comes:
 *     those of a name and shape that both have
 */
public record StagesConfig(
        @Range(min = 0, below = 1) double generatorAlone,
        @Range(min = 0, max = 1) double generatorFrozenFrom,
        boolean discriminatorFromGenerator) {

    /** Returns whether both networks learn all the time. */
    public boolean isJoint() {
        return generatorAlone == 0 && generatorFrozenFrom == 1;
    }

    /**
     * Steps in which a network learns.
     *
     * @param from the first, from 0
     * @param to the one after the last
     */
    public record Span(long from, long to) {
        /** Returns whether it learns in a step. */
        public boolean has(long step) {
            return step >= from && step < to;
        }
    }

    /**
     * Returns when the generator learns.
     *
     * @param steps of the run
     */
    public Span generator(long steps) {
        return new Span(0, Math.round(generatorFrozenFrom * steps));
    }

    /**
     * Returns when the discriminator learns.
     *
     * @param steps of the run
     */
    public Span discriminator(long steps) {
        return new Span(Math.round(generatorAlone * steps), steps);
    }

    /** Returns whether the discriminator is to start from the generator before a step. */
    public boolean handsOverAt(long step, long steps) {
        return discriminatorFromGenerator && step == discriminator(steps).from();
    }
}
