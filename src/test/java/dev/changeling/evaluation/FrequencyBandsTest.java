package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestConfigs;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrequencyBandsTest {
    @Test
    void ranksByCountAndThenById() {
        long[] counts = new long[12_000];
        Arrays.fill(counts, 5, 106, 3); // 101 of one frequency
        counts[11_000] = 4;
        counts[2] = 1_000_000; // [CLS]
        FrequencyBands bands = FrequencyBands.of(counts, TestConfigs.SPECIAL);
        assertThat(bands.of(11_000)).isZero(); // rank 1
        assertThat(bands.of(5)).isZero(); // rank 2
        assertThat(bands.of(103)).isZero(); // rank 100
        assertThat(bands.of(104)).isOne(); // rank 101
        assertThat(bands.of(105)).isOne();
        // The unknown token is of some rank, too: it comes first of those that never occur.
        assertThat(bands.of(1)).isOne(); // rank 103
        assertThat(bands.of(1002)).isOne(); // rank 1000
        assertThat(bands.of(1003)).isEqualTo(2); // rank 1001
        assertThat(bands.of(10_002)).isEqualTo(2); // rank 10,000
        assertThat(bands.of(10_003)).isEqualTo(3);
        assertThat(bands.of(11_999)).isEqualTo(3);
    }

    @Test
    void whatIsNeverReplacedIsInNoBand() {
        FrequencyBands bands = FrequencyBands.of(new long[] {9, 9, 9, 9, 9, 1}, TestConfigs.SPECIAL);
        for (int special : new int[] {0, 2, 3, 4}) {
            assertThat(bands.of(special)).isEqualTo(FrequencyBands.NONE);
        }
        assertThat(bands.of(5)).isZero();
    }
}
