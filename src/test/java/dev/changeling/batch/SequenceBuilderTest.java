package dev.changeling.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestConfigs;
import dev.changeling.tokenizer.SpecialTokens;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SequenceBuilderTest {
    private static final SpecialTokens SPECIAL = TestConfigs.SPECIAL;
    private static final int CLS = SPECIAL.classify();
    private static final int SEP = SPECIAL.separator();
    private static final SequenceBuilder SEVEN = new SequenceBuilder(SPECIAL, 7);

    @Test
    void aTextStandsBetweenTheSpecialTokensAndLosesItsEnd() {
        assertSequence(SEVEN.of(new int[] {}), 2, CLS, SEP);
        assertSequence(SEVEN.of(new int[] {10, 11, 12, 13, 14}), 7, CLS, 10, 11, 12, 13, 14, SEP);
        assertSequence(SEVEN.of(new int[] {10, 11, 12, 13, 14, 15}), 7, CLS, 10, 11, 12, 13, 14, SEP);
    }

    @Test
    void theSecondOfAPairIsInSegmentOne() {
        assertSequence(SEVEN.of(new int[] {10, 11}, new int[] {20}), 4, CLS, 10, 11, SEP, 20, SEP);
        assertSequence(SEVEN.of(new int[] {}, new int[] {20}), 2, CLS, SEP, 20, SEP);
    }

    @Test
    void ofAPairTheLongerOneIsCut() {
        int[] long9 = IntStream.range(30, 39).toArray();
        assertSequence(SEVEN.of(long9, new int[] {20}), 5, CLS, 30, 31, 32, SEP, 20, SEP);
        assertSequence(SEVEN.of(new int[] {20}, long9), 3, CLS, 20, SEP, 30, 31, 32, SEP);
        // Of two that are as long, the second is cut first.
        assertSequence(SEVEN.of(long9, long9), 4, CLS, 30, 31, SEP, 30, 31, SEP);
        assertSequence(new SequenceBuilder(SPECIAL, 6).of(long9, long9), 4, CLS, 30, 31, SEP, 30, SEP);
    }

    private static void assertSequence(Sequence sequence, int firstSegment, int... tokens) {
        assertThat(sequence.tokens()).containsExactly(tokens);
        assertThat(sequence.firstSegmentLength()).isEqualTo(firstSegment);
    }
}
