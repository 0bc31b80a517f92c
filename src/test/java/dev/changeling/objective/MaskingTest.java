package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.ChiSquare;
import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.MaskingConfig;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskingTest {
    private static final int VOCABULARY = 30;
    private static final int CLASSIFY = TestConfigs.SPECIAL.classify();
    private static final int SEPARATOR = TestConfigs.SPECIAL.separator();
    private static final int UNKNOWN = TestConfigs.SPECIAL.unknown();
    private static final int MASK = TestConfigs.SPECIAL.mask();

    private static Masking masking(double fraction, double margin, double maskToken, double randomToken) {
        MaskingConfig config = new MaskingConfig(fraction, 1, margin, MaskingConfig.Unit.TOKEN, maskToken, randomToken);
        return new Masking(config, TestConfigs.tokens(VOCABULARY));
    }

    private static Masking masking(double fraction) {
        return masking(fraction, 0.005, 0.85, 0);
    }

    private static RowRandom random(long seed, long step) {
        return new RowRandom(seed, Purpose.MASKING, step, 0);
    }

    @ParameterizedTest
    @CsvSource({
        // p, tokens, row length, masked
        "0.15, 128, 128, 19", // N = ⌊0.155 · 128⌋ = 19
        "0.15, 127, 128, 19",
        "0.15, 100, 128, 15",
        "0.15,  10, 128,  2", // 1.5 goes to the even number
        "0.15,  30, 128,  4", // 4.5 too
        "0.15,   3, 128,  1", // 0.45, but at least one
        "0.15,  32,  32,  4", // 4.8 rounds to 5, but N = ⌊0.155 · 32⌋ = 4
        "0.15, 512, 512, 77",
        "0.25, 512, 512, 128",
        "0.25,  14, 512,  4", // 3.5
        "1.00,  10, 128,  8", // all but [CLS] and [SEP]
    })
    void masksAsManyAsTheRuleSays(double fraction, int tokens, int length, int expected) {
        int[] sequence = TestBatches.sequence(RandomStream.of(1, Purpose.ORDER), tokens, VOCABULARY);
        MaskedPositions masked = masking(fraction).draw(TestBatches.row(length, sequence), 0, random(1, 0));
        assertThat(masked.count()).isEqualTo(expected);
    }

    @Test
    void appliesTheRuleToEachSequenceOfARow() {
        for (long seed = 0; seed < 50; seed++) {
            Batch batch = TestBatches.random(seed, 6, 64, VOCABULARY);
            MaskedPositions masked = masking(0.15).draw(batch, 0, random(seed, 3));
            int[][] tokens = new int[batch.rows()][3];
            int[][] chosen = new int[batch.rows()][3];
            for (int i = 0; i < batch.tokens().length; i++) {
                tokens[i / 64][batch.sequences()[i]]++;
            }
            for (int position : masked.positions()) {
                chosen[position / 64][batch.sequences()[position]]++;
            }
            for (int row = 0; row < batch.rows(); row++) {
                assertThat(chosen[row][0]).as("masked padding, seed %d", seed).isZero();
                for (int s = 1; s <= 2; s++) {
                    long wanted = Math.max(1, Math.min((int) (0.155 * 64), (long) Math.rint(0.15 * tokens[row][s])));
                    assertThat(chosen[row][s]).as("seed %d", seed).isEqualTo((int) wanted);
                }
            }
        }
    }

    @Test
    void masksUnknownButNoOtherSpecialTokenAndNoPadding() {
        Batch batch = TestBatches.row(
                12, new int[] {CLASSIFY, UNKNOWN, MASK, 9, SEPARATOR, 10, SEPARATOR}, new int[] {CLASSIFY, SEPARATOR});
        Set<Integer> seen = new TreeSet<>();
        for (int step = 0; step < 200; step++) {
            for (int position : masking(0.15).draw(batch, 0, random(2, step)).positions()) {
                seen.add(position);
            }
        }
        assertThat(seen).containsExactly(1, 3, 5);
        assertThat(masking(1).draw(batch, 0, random(2, 0)).positions()).containsExactly(1, 3, 5);
    }

    @Test
    void drawsEveryWordAlikeAndNoSpecialTokenInAHundredThousandDraws() {
        long seed = 9;
        int length = 48;
        int end = 41; // then padding
        RandomStream text = RandomStream.of(seed, Purpose.ORDER);
        int[] sequence = TestBatches.sequence(text, end, VOCABULARY);
        int[] scattered = {CLASSIFY, SEPARATOR, MASK, TestConfigs.SPECIAL.padding()};
        for (int i = 0; i < 12; i++) {
            sequence[1 + text.nextInt(end - 2)] = scattered[i % scattered.length];
        }
        Batch batch = TestBatches.row(length, sequence);
        long[] counts = new long[length];
        long draws = 0;
        for (int step = 0; draws < 100_000; step++) {
            for (int position : masking(0.15).draw(batch, 0, random(seed, step)).positions()) {
                counts[position]++;
                draws++;
            }
        }
        long[] ofWords = new long[length];
        int words = 0;
        for (int i = 0; i < length; i++) {
            if (i < end && sequence[i] > MASK) {
                ofWords[words++] = counts[i];
            } else {
                assertThat(counts[i]).as("position %d, seed %d", i, seed).isZero();
            }
        }
        double[] even = new double[words];
        Arrays.fill(even, 1.0 / words);
        ChiSquare.assertFits(Arrays.copyOf(ofWords, words), even, seed);
    }

    @Test
    void drawsWithoutReplacementInAscendingOrderAndKeepsTheOriginals() {
        for (long seed = 0; seed < 100; seed++) {
            Batch batch = TestBatches.random(seed, 4, 32, VOCABULARY);
            MaskedPositions masked = masking(0.5).draw(batch, 0, random(seed, 0));
            int[] positions = masked.positions();
            assertThat(positions).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
            int[] there = Arrays.stream(positions).map(i -> batch.tokens()[i]).toArray();
            assertThat(masked.originals()).as("seed %d", seed).isEqualTo(there);
        }
    }

    @Test
    void drawsEveryPairOfPositionsEquallyOften() {
        // 8 candidates, 2 of them masked: 28 pairs.
        int[] sequence = {CLASSIFY, 5, 6, 7, 8, 9, 10, 11, 12, SEPARATOR};
        Batch batch = TestBatches.row(32, sequence);
        Masking masking = masking(0.2);
        long[] counts = new long[28];
        for (int step = 0; step < 28_000; step++) {
            int[] pair = masking.draw(batch, 0, random(3, step)).positions();
            assertThat(pair).hasSize(2);
            int high = pair[1] - 1;
            counts[high * (high - 1) / 2 + pair[0] - 1]++;
        }
        double[] even = new double[28];
        Arrays.fill(even, 1 / 28.0);
        ChiSquare.assertFits(counts, even, 3);
    }

    @Test
    void writesMaskAt85AndTheOriginalAt15Percent() {
        long[] counts = new long[2];
        int[] sequence = TestBatches.sequence(RandomStream.of(4, Purpose.ORDER), 32, VOCABULARY);
        Batch batch = TestBatches.row(32, sequence);
        Masking masking = masking(0.15);
        for (int step = 0; step < 5_000; step++) {
            MaskedPositions masked = masking.draw(batch, 0, random(4, step));
            for (int i = 0; i < masked.count(); i++) {
                boolean original = masked.written()[i] == masked.originals()[i];
                assertThat(original || masked.written()[i] == MASK).isTrue();
                counts[original ? 1 : 0]++;
            }
        }
        ChiSquare.assertFits(counts, new double[] {0.85, 0.15}, 4);
    }

    @Test
    void writesRandomTokensOverTheWholeVocabularyIfAskedTo() {
        int original = 17;
        Batch batch = TestBatches.row(16, new int[] {CLASSIFY, original, SEPARATOR});
        Masking masking = masking(0.15, 0.05, 0.5, 0.3);
        long[] counts = new long[VOCABULARY];
        for (int step = 0; step < 30_000; step++) {
            counts[masking.draw(batch, 0, random(5, step)).written()[0]]++;
        }
        double[] expected = new double[VOCABULARY];
        Arrays.fill(expected, 0.3 / VOCABULARY);
        expected[MASK] += 0.5;
        expected[original] += 0.2;
        ChiSquare.assertFits(counts, expected, 5);
    }

    @Test
    void drawsTheSameHoweverTheRowsAreCutIntoDeviceBatches() {
        Batch whole = TestBatches.random(6, 8, 32, VOCABULARY);
        MaskedPositions expected = masking(0.15).draw(whole, 0, random(6, 9));
        for (int deviceRows : new int[] {1, 2, 4}) {
            int at = 0;
            for (int first = 0; first < 8; first += deviceRows) {
                Batch part = TestBatches.rows(whole, first, deviceRows);
                MaskedPositions masked = masking(0.15).draw(part, 0, new RowRandom(6, Purpose.MASKING, 9, first));
                for (int i = 0; i < masked.count(); i++, at++) {
                    assertThat(masked.positions()[i] + first * 32).isEqualTo(expected.positions()[at]);
                    assertThat(masked.originals()[i]).isEqualTo(expected.originals()[at]);
                    assertThat(masked.written()[i]).isEqualTo(expected.written()[at]);
                }
            }
            assertThat(at).isEqualTo(expected.count());
        }
    }

    @Test
    void drawsAnewForEachStepSeedAndRow() {
        int[] sequence = TestBatches.sequence(RandomStream.of(7, Purpose.ORDER), 64, VOCABULARY);
        Batch batch = TestBatches.row(64, sequence);
        Set<String> draws = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            draws.add(Arrays.toString(masking(0.15).draw(batch, 0, random(1, i)).positions()));
            draws.add(Arrays.toString(
                    masking(0.15).draw(batch, 0, random(100 + i, 0)).positions()));
            RowRandom otherRow = new RowRandom(1, Purpose.MASKING, 0, 1 + i);
            draws.add(Arrays.toString(masking(0.15).draw(batch, 0, otherRow).positions()));
        }
        assertThat(draws).hasSize(60);
        assertThat(masking(0.15).draw(batch, 0, random(1, 5)).positions())
                .isEqualTo(masking(0.15).draw(batch, 0, random(1, 5)).positions());
    }

    @Test
    void masksNothingWhereThereIsNothingToMask() {
        Batch batch = TestBatches.row(8, new int[] {CLASSIFY, SEPARATOR});
        assertThat(masking(0.15).draw(batch, 0, random(8, 0)).count()).isZero();
        assertThat(masking(0.15).draw(TestBatches.row(8), 0, random(8, 0)).count())
                .isZero();
    }
}
