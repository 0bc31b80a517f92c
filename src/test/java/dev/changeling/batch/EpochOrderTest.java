package dev.changeling.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochOrderTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 16, 17, 63, 64, 65, 1000, 4097, 65_536, 100_003})
    void everyRowComesOnceInEveryEpoch(int rows) {
        for (long epoch = 0; epoch < 3; epoch++) {
            EpochOrder order = new EpochOrder(11, epoch, rows);
            BitSet seen = new BitSet();
            for (long i = 0; i < rows; i++) {
                seen.set(Math.toIntExact(order.row(i)));
            }
            assertThat(seen.cardinality()).as("epoch %d", epoch).isEqualTo(rows);
            assertThat(seen.length()).isEqualTo(rows);
        }
    }

    /** The rank correlation of place and row, and of rows in two epochs, is near 0: standard error 0.003 here. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 99})
    void rowsAreShuffledAndEveryEpochAnew(long seed) {
        int rows = 100_003;
        EpochOrder first = new EpochOrder(seed, 0, rows);
        EpochOrder second = new EpochOrder(seed, 1, rows);
        double middle = (rows - 1) / 2.0;
        double variance = (rows * (double) rows - 1) / 12;
        double withPlace = 0;
        double withNext = 0;
        double withEpoch = 0;
        for (int i = 0; i < rows; i++) {
            double row = first.row(i) - middle;
            withPlace += row * (i - middle) / variance / rows;
            withNext += row * (first.row((i + 1) % rows) - middle) / variance / rows;
            withEpoch += row * (second.row(i) - middle) / variance / rows;
        }
        assertThat(withPlace).isBetween(-0.015, 0.015);
        assertThat(withNext).isBetween(-0.015, 0.015);
        assertThat(withEpoch).isBetween(-0.015, 0.015);
    }
}
