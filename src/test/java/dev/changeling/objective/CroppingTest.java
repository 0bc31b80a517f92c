package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestBatches;
import dev.changeling.batch.Batch;
import dev.changeling.random.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CroppingTest {
    private static final long SEED = 41;

    /** Returns the tokens of every sequence. */
    private static List<List<Integer>> sequences(Batch batch) {
        List<List<Integer>> sequences = new ArrayList<>();
        for (int i = 0; i < batch.tokens().length; i++) {
            if (batch.sequences()[i] != 0) {
                if (batch.positions()[i] == 0) {
                    sequences.add(new ArrayList<>());
                }
                assertThat(batch.positions()[i])
                        .isEqualTo(sequences.get(sequences.size() - 1).size());
                sequences.get(sequences.size() - 1).add(batch.tokens()[i]);
            }
        }
        return sequences;
    }

    @Test
    void keepsOneStretchOfEverySequenceWithItsEnds() {
        Batch batch = TestBatches.random(SEED, 6, 40, 50);
        Batch cropped = new Cropping(0.5, 0).of(batch, new RowRandom(SEED, Purpose.CROPPING, 3, 0));
        List<List<Integer>> before = sequences(batch);
        List<List<Integer>> after = sequences(cropped);
        assertThat(after).hasSameSizeAs(before);
        assertThat(cropped.sequenceCount()).isEqualTo(batch.sequenceCount()).isEqualTo(12);
        assertThat(cropped.realTokens())
                .isEqualTo(after.stream().mapToInt(List::size).sum());
        for (int i = 0; i < before.size(); i++) {
            List<Integer> whole = before.get(i);
            List<Integer> part = after.get(i);
            assertThat(part.get(0)).isEqualTo(whole.get(0));
            assertThat(part.get(part.size() - 1)).isEqualTo(whole.get(whole.size() - 1));
            assertThat(part).hasSize(2 + (int) Math.rint(0.5 * (whole.size() - 2)));
            List<Integer> inner = part.subList(1, part.size() - 1);
            assertThat(Collections.indexOfSubList(whole, inner))
                    .as("seed %d", SEED)
                    .isPositive();
        }
    }

    @Test
    void leavesPaddingBehind() {
        Batch cropped = new Cropping(0.3, 0)
                .of(TestBatches.row(6, new int[] {2, 9, 8, 7, 6, 3}), new RowRandom(SEED, Purpose.CROPPING, 0, 0));
        assertThat(cropped.realTokens()).isEqualTo(3);
        for (int i = 3; i < 6; i++) {
            assertThat(cropped.tokens()[i] + cropped.sequences()[i] + cropped.positions()[i])
                    .isZero();
        }
    }

    @Test
    void aSequenceOfEndsAloneStays() {
        Batch cropped = new Cropping(0.9, 0)
                .of(TestBatches.row(4, new int[] {2, 3}), new RowRandom(SEED, Purpose.CROPPING, 0, 0));
        assertThat(sequences(cropped)).containsExactly(List.of(2, 3));
    }
}
