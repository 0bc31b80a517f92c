package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.ChiSquare;
import dev.changeling.TestConfigs;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tokenizer.TokenTable;
import org.junit.jupiter.api.Test;

class NoiseSamplerTest {
    private static final long SEED = 21;

    /** Padding, [UNK], [CLS], [SEP], [MASK], then words. */
    private static final long[] COUNTS = {50, 10, 900, 900, 7, 0, 400, 250, 0, 0, 30, 1, 0};

    private static NoiseSampler sampler(double unigram, double uniform) {
        return new NoiseSampler(
                ObjectiveConfig.published().sampling().withFractions(unigram, uniform),
                TokenTable.ofWords(TestConfigs.SPECIAL, COUNTS));
    }

    @Test
    void drawsEvenlyFromAllThatMayBeMasked() {
        NoiseSampler sampler = sampler(0.25, 0.75);
        RandomStream random = RandomStream.of(SEED, Purpose.UNIGRAM);
        long[] drawn = new long[COUNTS.length];
        for (int i = 0; i < 100_000; i++) {
            drawn[sampler.draw(random)]++;
        }
        assertThat(drawn[0] + drawn[2] + drawn[3] + drawn[4])
                .as("specials, seed %d", SEED)
                .isZero();
        double all = 10 + 400 + 250 + 30 + 1;
        long[] words = new long[9];
        double[] expected = new double[9];
        for (int word = 0; word < 9; word++) {
            int token = word == 0 ? 1 : word + 4;
            words[word] = drawn[token];
            expected[word] = 0.25 * COUNTS[token] / all + 0.75 / 9;
        }
        ChiSquare.assertFits(words, expected, SEED);
    }

    @Test
    void drawsWordsByTheirCountsAndSpecialTokensNever() {
        NoiseSampler sampler = sampler(1, 0);
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
        NoiseSampler sampler = sampler(0.3, 0);
        RandomStream random = RandomStream.of(SEED, Purpose.UNIGRAM);
        long[] counts = new long[2];
        for (int i = 0; i < 100_000; i++) {
            counts[sampler.draw(random) == MaskedBatch.GENERATOR ? 0 : 1]++;
        }
        ChiSquare.assertFits(counts, new double[] {0.7, 0.3}, SEED);
    }

    @Test
    void drawsNothingWhereItsFractionIsZero() {
        NoiseSampler sampler = sampler(0, 0);
        RandomStream random = RandomStream.of(SEED, Purpose.UNIGRAM);
        for (int i = 0; i < 1000; i++) {
            assertThat(sampler.draw(random)).isEqualTo(MaskedBatch.GENERATOR);
        }
    }
}
