package dev.changeling.config;

/**
 * When each network learns. Joint training is 0 and −1.
 *
 * @param generatorAloneSteps steps at the start in which the discriminator does nothing
 * @param generatorFrozenAt the step from which the generator learns no more; −1 for never
 * @param discriminatorFromGenerator whether the discriminator then starts from the generator's weights: those of a name
 *     and shape that both have
 */
public record StagesConfig(
        @Range(min = 0) int generatorAloneSteps,
        @Range(min = -1) int generatorFrozenAt,
        boolean discriminatorFromGenerator) {

    /** Returns whether the generator learns in a step, counted from 0. */
    public boolean generatorLearnsAt(long step) {
        return generatorFrozenAt < 0 || step < generatorFrozenAt;
    }

    /** Returns whether the discriminator learns in a step, counted from 0. */
    public boolean discriminatorLearnsAt(long step) {
        return step >= generatorAloneSteps;
    }

    /** Returns whether the discriminator is to start from the generator before a step, counted from 0. */
    public boolean handsOverAt(long step) {
        return discriminatorFromGenerator && step == generatorAloneSteps;
    }
}
