package dev.changeling.bench;

import dev.changeling.batch.Batch;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.config.StagesConfig;

/**
 * The floating-point operations that a whole run can't do without, as {@link UsefulFlops} counts them, for any
 * objective: by this number runs are compared that have cost as much.
 *
 * <p>A network that isn't used counts nothing, one that doesn't learn only its forward pass. Beside the two heads of
 * {@link UsefulFlops}: detection at masked positions only is {@code 2·M·H² + 2·M·H}; predicting original tokens is
 * {@code 2·N·H·E + 2·N·E·V} at N = T or M positions; each further head of the generator is that once more, at M;
 * another view of each sequence that is compared is one more trunk.
 */
public final class RunFlops {
    private RunFlops() {}

    /**
     * Counts.
     *
     * @param vocabulary V
     * @param tokens real tokens that the run has seen
     * @param pairsPerToken tokens that each sees, see {@link #pairsPerToken}
     */
    public static double of(RunConfig config, long vocabulary, double tokens, double pairsPerToken) {
        ObjectiveConfig objective = config.objective();
        StagesConfig stages = objective.stages();
        double masked = tokens * objective.masking().fractionAt(0.5);
        double generatorLearns = stages.generatorFrozenFrom();
        double discriminatorLearns = 1 - stages.generatorAlone();
        double generator = objective.generates()
                ? generator(config.model(), vocabulary, tokens, pairsPerToken, masked) * (1 + 2 * generatorLearns)
                : 0;
        return generator
                + 3
                        * discriminatorLearns
                        * discriminator(config.model(), objective, vocabulary, tokens, pairsPerToken, masked);
    }

    /** Returns how many tokens a token sees on average, itself among them: Σ n² / Σ n over the sequences' lengths n. */
    public static double pairsPerToken(Iterable<Batch> batches) {
        double pairs = 0;
        double tokens = 0;
        for (Batch batch : batches) {
            pairs += BatchWork.pairs(batch);
            tokens += batch.realTokens();
        }
        return tokens == 0 ? 0 : pairs / tokens;
    }

    private static double generator(
            ModelConfig model, long vocabulary, double tokens, double pairsPerToken, double masked) {
        return UsefulFlops.trunk(model, model.generator(), work(tokens, pairsPerToken))
                + model.generatorHeads() * words(model, model.generator().hiddenSize(), vocabulary, masked);
    }

    private static double discriminator(
            ModelConfig model,
            ObjectiveConfig objective,
            long vocabulary,
            double tokens,
            double pairsPerToken,
            double masked) {
        double hidden = model.discriminator().hiddenSize();
        double flops = UsefulFlops.trunk(model, model.discriminator(), work(tokens, pairsPerToken));
        if (objective.detects()) {
            double asked = objective.rtdPositions() == ObjectiveConfig.Positions.MASKED ? masked : tokens;
            flops += 2 * asked * hidden * hidden + 2 * asked * hidden;
        }
        if (objective.corrects()) {
            boolean everywhere = objective.correction() == ObjectiveConfig.Correction.ALL_TOKENS;
            flops += words(model, hidden, vocabulary, everywhere ? tokens : masked);
        }
        if (objective.contrastWeight() > 0) {
            double kept = objective.cropFraction();
            flops += UsefulFlops.trunk(model, model.discriminator(), work(tokens * kept, pairsPerToken * kept));
        }
        return flops;
    }

    private static double words(ModelConfig model, double hidden, long vocabulary, double positions) {
        double embedding = model.embeddingSize();
        return 2 * positions * hidden * embedding + 2 * positions * embedding * vocabulary;
    }

    private static BatchWork work(double tokens, double pairsPerToken) {
        return new BatchWork(Math.round(tokens), Math.round(tokens * pairsPerToken), 0);
    }
}
