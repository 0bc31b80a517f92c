package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.ChiSquare;
import dev.changeling.TestConfigs;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import org.junit.jupiter.api.Test;

class UnigramSamplerTest {
    private static final long SEED = 21;

    /** Padding, [UNK], [CLS], [SEP], [MASK], then words. */
    private static final long[] COUNTS = {50, 10, 900, 900, 7, 0, 400, 250, 0, 0, 30, 1, 0};

    @Test
    void drawsWordsByTheirCountsAndSpecialTokensNever() {
        UnigramSampler sampler = new UnigramSampler(1, COUNTS, TestConfigs.SPECIAL);
        RandomStream random = RandomStream.of(SEED, Purpose.UNIGRAM);
        long[] drawn = new long[COUNTS.length];
        for (int i = 0; i < 100_000; i++) {
            drawn[sampler.draw(random)]++;
        }
        assertThat(new long[] {drawn[0], drawn[2], drawn[3], drawn[4], drawn[5], drawn[8], drawn[9], drawn[12]})
                .as("specials and words that the text lacks, seed %d", SEED)
                .containsOnly(0);
        double all = 10 + 400 + 250 + 30 + 1;
        ChiSquare.assertFits(
                new long[] {drawn[1], drawn[6], drawn[7], drawn[10], drawn[11]},
                new double[] {10 / all, 400 / all, 250 / all, 30 / all, 1 / all},
                SEED);
    }

    @Test
    void leavesTheRestToTheGenerator() {
        UnigramSampler sampler = new UnigramSampler(0.3, COUNTS, TestConfigs.SPECIAL);
        RandomStream random = RandomStream.of(SEED, Purpose.UNIGRAM);
        long[] counts = new long[2];
        for (int i = 0; i < 100_000; i++) {
            counts[sampler.draw(random) == UnigramSampler.GENERATOR ? 0 : 1]++;
        }
        ChiSquare.assertFits(counts, new double[] {0.7, 0.3}, SEED);
    }

    @Test
    void drawsNothingWhereItsFractionIsZero() {
        UnigramSampler sampler = new UnigramSampler(0, COUNTS, TestConfigs.SPECIAL);
        RandomStream random = RandomStream.of(SEED, Purpose.UNIGRAM);
        for (int i = 0; i < 1000; i++) {
            assertThat(sampler.draw(random)).isEqualTo(UnigramSampler.GENERATOR);
        }
    }
}
