package dev.changeling.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestBatches;
import dev.changeling.config.ConfigLoader;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.RunConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunFlopsTest {
    private static final int VOCABULARY = 8000;
    private static final double TOKENS = 1000;
    private static final double PAIRS = 20;

    private static double of(String... variants) {
        return RunFlops.of(config(variants), VOCABULARY, TOKENS, PAIRS);
    }

    private static RunConfig config(String... variants) {
        return ConfigLoader.load("tiny", List.of(variants), List.of());
    }

    private static UsefulFlops parts(long masked) {
        ModelConfig model = config().model();
        return UsefulFlops.of(model, VOCABULARY, new BatchWork((long) TOKENS, (long) (TOKENS * PAIRS), masked));
    }

    @Test
    void isThatOfTheStepsForTheJointObjective() {
        assertThat(of("electra")).isCloseTo(parts(150).step(), within(1.0));
    }

    @Test
    void leavesOutWhatAnObjectiveHasNoUseFor() {
        UsefulFlops parts = parts(150);

        assertThat(of("electra", "unigram"))
                .isCloseTo(3 * (parts.discriminatorTrunk() + parts.discriminatorHead()), within(1.0));
        double words = 2 * 150.0 * 128 * 128 + 2 * 150.0 * 128 * VOCABULARY;
        assertThat(of("electra", "bert")).isCloseTo(3 * (parts.discriminatorTrunk() + words), within(1.0));
        assertThat(of("electra", "electra-15"))
                .isCloseTo(parts.step() - 3 * 0.85 * parts.discriminatorHead(), within(1.0));
        assertThat(of("electra", "all-tokens-mlm")).isGreaterThan(of("electra", "replace-mlm"));
    }

    @Test
    void countsEachHeadOfTheGenerator() {
        UsefulFlops parts = parts(150);

        assertThat(of("electra", "amos")).isCloseTo(parts.step() + 3 * parts.generatorHead(), within(1.0));
    }

    @Test
    void countsOnlyTheForwardPassOfANetworkThatDoesNotLearn() {
        UsefulFlops parts = parts(150);
        double generator = parts.generatorTrunk() + parts.generatorHead();
        double discriminator = parts.discriminatorTrunk() + parts.discriminatorHead();

        // Half of the run the generator alone; then it is frozen, and the discriminator learns.
        assertThat(of("electra", "two-stage-cold")).isCloseTo(2 * generator + 1.5 * discriminator, within(1.0));
    }

    @Test
    void pairsAreWithinSequences() {
        assertThat(RunFlops.pairsPerToken(List.of(TestBatches.row(10, new int[] {2, 9, 3}, new int[] {2, 8, 8, 3}))))
                .isEqualTo((9 + 16) / 7.0);
    }
}
