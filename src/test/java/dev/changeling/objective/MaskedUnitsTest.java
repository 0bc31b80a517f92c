package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.MaskingConfig;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tokenizer.SubwordMarks;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MaskedUnitsTest {
    private static final long SEED = 31;

    private static Masking masking(MaskingConfig.Unit unit, double fraction) {
        return new Masking(new MaskingConfig(fraction, 1, 0.005, unit, 0.85, 0), Variant.tokens());
    }

    private static Set<Integer> drawn(MaskingConfig.Unit unit, double fraction, Batch batch, long step) {
        return Arrays.stream(masking(unit, fraction)
                        .draw(batch, 0, new RowRandom(SEED, Purpose.MASKING, step, 0))
                        .positions())
                .boxed()
                .collect(Collectors.toSet());
    }

    private static boolean continues(Batch batch, int position) {
        return Variant.goesOn(batch.tokens()[position])
                && !TestConfigs.SPECIAL.isUnmaskable(batch.tokens()[position - 1]);
    }

    @ParameterizedTest
    @EnumSource(names = {"WHOLE_WORD", "SPAN"})
    void wordsAreMaskedWholeOrNotAtAll(MaskingConfig.Unit unit) {
        Batch batch = TestBatches.random(SEED, 8, 64, Variant.VOCABULARY);
        int pieces = 0;
        for (long step = 0; step < 20; step++) {
            Set<Integer> masked = drawn(unit, 0.15, batch, step);
            assertThat(masked).as("seed %d", SEED).isNotEmpty();
            for (int i = 1; i < batch.tokens().length; i++) {
                if (batch.sequences()[i] != 0 && continues(batch, i)) {
                    assertThat(masked.contains(i))
                            .as("position %d, seed %d", i, SEED)
                            .isEqualTo(masked.contains(i - 1));
                    pieces += masked.contains(i) ? 1 : 0;
                }
            }
        }
        assertThat(pieces).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = {"WHOLE_WORD", "SPAN"})
    void asManyTokensAreMaskedAsOfSingleOnesOrAFewLess(MaskingConfig.Unit unit) {
        Batch batch = TestBatches.random(SEED, 8, 64, Variant.VOCABULARY);
        int wanted = drawn(MaskingConfig.Unit.TOKEN, 0.15, batch, 0).size();
        for (long step = 0; step < 20; step++) {
            assertThat(drawn(unit, 0.15, batch, step).size())
                    .as("seed %d", SEED)
                    .isBetween(wanted * 3 / 4, wanted);
        }
    }

    @Test
    void spansAreLongerThanWords() {
        Batch batch = TestBatches.random(SEED, 8, 64, Variant.VOCABULARY);
        assertThat(runs(MaskingConfig.Unit.SPAN, batch)).isLessThan(runs(MaskingConfig.Unit.WHOLE_WORD, batch) * 3 / 4);
    }

    @Test
    void lengthsOfSpansAreSpanBerts() {
        MaskedWords spans = new MaskedWords(SubwordMarks.NONE, 10, 0.2);
        int draws = 50_000;
        int[] counts = new int[11];
        double sum = 0;
        for (int i = 0; i < draws; i++) {
            int length = spans.spanLength(RandomStream.of(SEED, Purpose.MASKING, i));
            counts[length]++;
            sum += length;
        }
        // Joshi et al., section 3.1: a mean of 3.8. Of the longest, .2 · .8^9 / (1 - .8^10).
        assertThat(sum / draws).as("seed %d", SEED).isCloseTo(3.797, within(0.06));
        assertThat(counts[1] / (double) draws).as("seed %d", SEED).isCloseTo(0.224, within(0.01));
        assertThat(counts[10] / (double) draws).as("seed %d", SEED).isCloseTo(0.0301, within(0.005));
    }

    /** Returns how many stretches of masked tokens there are. */
    private static int runs(MaskingConfig.Unit unit, Batch batch) {
        int runs = 0;
        for (long step = 0; step < 20; step++) {
            Set<Integer> masked = drawn(unit, 0.25, batch, step);
            runs += (int) masked.stream().filter(i -> !masked.contains(i - 1)).count();
        }
        return runs;
    }

    @Test
    void aWordThatIsTooLongIsMaskedIfThereIsNoOther() {
        // [CLS] word ##b ##c [SEP]; 15 % of five tokens is one.
        Batch batch = TestBatches.row(8, new int[] {2, 6, 5, 8, 3});
        assertThat(drawn(MaskingConfig.Unit.WHOLE_WORD, 0.15, batch, 0)).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void aSequenceWithNothingToMaskHasNoMask() {
        assertThat(drawn(MaskingConfig.Unit.SPAN, 0.15, TestBatches.row(4, new int[] {2, 3}), 0))
                .isEmpty();
    }

    @Test
    void theMaskedPartChangesOverTheRun() {
        MaskingConfig falling = new MaskingConfig(0.4, 0.5, 0.005, MaskingConfig.Unit.TOKEN, 0.85, 0);
        Masking masking = new Masking(falling, Variant.tokens());
        Batch batch = TestBatches.random(SEED, 8, 64, Variant.VOCABULARY);
        RowRandom random = new RowRandom(SEED, Purpose.MASKING, 0, 0);
        double start = masking.draw(batch, 0, random).count();
        assertThat(masking.draw(batch, 0.5, random).count() / start).isBetween(0.70, 0.80);
        assertThat(masking.draw(batch, 1, random).count() / start).isBetween(0.45, 0.55);
    }
}
