package dev.changeling.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** Fixed for good: other numbers would make another run of the same seed. */
    @Test
    void theNumbersStayTheSame() {
        RandomStream stream = RandomStream.of(42, Purpose.MASKING, 7, 0);
        assertThat(new long[] {stream.nextLong(), stream.nextLong(), stream.nextLong()})
                .containsExactly(1622551159334614865L, 6109517157276371991L, -3204219337403611437L);
        assertThat(RandomStream.of(42, Purpose.SAMPLING, 7, 0).nextLong()).isEqualTo(-5164266709113670270L);
        assertThat(RandomStream.of(-1, Purpose.ORDER).nextLong()).isEqualTo(7801942776641785893L);
        assertThat(RandomStream.of(42, Purpose.MASKING, 7, 0).nextInt(30_522)).isEqualTo(2684);
        assertThat(RandomStream.of(42, Purpose.MASKING, 7, 0).nextDouble()).isEqualTo(0.08795867459597306);
        assertThat(RandomStream.of(42, Purpose.MASKING, 7, 0).nextFloat()).isEqualTo(0.087958634f);
    }

    /** The JDK's generator of the same name and paper is an oracle for the hash. */
    @Test
    void theHashIsThatOfSplitMix64() {
        SplittableRandom oracle = new SplittableRandom(123);
        for (int i = 1; i <= 1000; i++) {
            assertThat(RandomStream.mix(123 + i * GOLDEN_GAMMA)).isEqualTo(oracle.nextLong());
        }
    }

    @Test
    void aStreamMadeAgainGivesTheSameNumbers() {
        RandomStream first = RandomStream.of(1, Purpose.ORDER, 2, 3);
        RandomStream second = RandomStream.of(1, Purpose.ORDER, 2, 3);
        for (int i = 0; i < 100; i++) {
            assertThat(first.nextLong()).isEqualTo(second.nextLong());
        }
    }

    @Test
    void everyCoordinateMatters() {
        Set<Long> firsts = new HashSet<>();
        int streams = 0;
        for (long seed = -2; seed < 3; seed++) {
            for (Purpose purpose : Purpose.values()) {
                firsts.add(RandomStream.of(seed, purpose).nextLong());
                streams++;
                for (long step = 0; step < 50; step++) {
                    firsts.add(RandomStream.of(seed, purpose, step).nextLong());
                    streams++;
                    for (long rank = 0; rank < 4; rank++) {
                        firsts.add(RandomStream.of(seed, purpose, step, rank).nextLong());
                        streams++;
                    }
                }
            }
        }
        assertThat(firsts).hasSize(streams);
    }

    @Test
    void purposesHaveNumbersOfTheirOwn() {
        Set<Integer> numbers = new HashSet<>();
        for (Purpose purpose : Purpose.values()) {
            assertThat(numbers.add(purpose.number())).as("%s", purpose).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Purpose.class)
    void integersAreUniform(Purpose purpose) {
        RandomStream stream = RandomStream.of(9, purpose, 1, 2);
        int[] counts = new int[100];
        for (int i = 0; i < 100_000; i++) {
            counts[stream.nextInt(100)]++;
        }
        assertUniform(counts);
    }

    /** Masking draws a few numbers from each of many streams; those must be uniform too. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void firstNumbersOfNeighbouringStreamsAreUniform(int coordinate) {
        int[] counts = new int[100];
        for (int i = 0; i < 100_000; i++) {
            long[] place = {5, 6, 7};
            place[coordinate] = i;
            RandomStream stream = RandomStream.of(place[0], Purpose.MASKING, place[1], place[2]);
            counts[(int) (stream.nextDouble() * 100)]++;
        }
        assertUniform(counts);
    }

    /** Counts pairs in a 10 × 10 table; dependence between the streams would fill it unevenly. */
    @Test
    void neighbouringStreamsAreIndependent() {
        int[] steps = new int[100];
        int[] ranks = new int[100];
        int[] purposes = new int[100];
        int[] successive = new int[100];
        for (int i = 0; i < 100_000; i++) {
            int here = tenth(i, Purpose.MASKING, 0);
            steps[10 * here + tenth(i + 1, Purpose.MASKING, 0)]++;
            ranks[10 * here + tenth(i, Purpose.MASKING, 1)]++;
            purposes[10 * here + tenth(i, Purpose.SAMPLING, 0)]++;
            RandomStream stream = RandomStream.of(1, Purpose.ORDER, i);
            successive[10 * stream.nextInt(10) + stream.nextInt(10)]++;
        }
        assertUniform(steps);
        assertUniform(ranks);
        assertUniform(purposes);
        assertUniform(successive);
    }

    @Test
    void floatsAndDoublesStayBelowOneAndAreUniform() {
        RandomStream stream = RandomStream.of(3, Purpose.SAMPLING, 1);
        int[] floats = new int[100];
        int[] doubles = new int[100];
        for (int i = 0; i < 100_000; i++) {
            float single = stream.nextFloat();
            double wide = stream.nextDouble();
            assertThat(single).isGreaterThanOrEqualTo(0).isLessThan(1);
            assertThat(wide).isGreaterThanOrEqualTo(0).isLessThan(1);
            floats[(int) (single * 100)]++;
            doubles[(int) (wide * 100)]++;
        }
        assertUniform(floats);
        assertUniform(doubles);
    }

    @Test
    void integersReachBothEndsOfAnyBound() {
        RandomStream stream = RandomStream.of(3, Purpose.SPLIT);
        assertThat(stream.nextInt(1)).isZero();
        int[] counts = new int[3];
        int largest = 0;
        for (int i = 0; i < 1000; i++) {
            counts[stream.nextInt(3)]++;
            int next = stream.nextInt(Integer.MAX_VALUE);
            assertThat(next).isBetween(0, Integer.MAX_VALUE - 1);
            largest = Math.max(largest, next);
        }
        assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThan(250);
        assertThat(largest).isGreaterThan(Integer.MAX_VALUE / 100 * 98);
        assertThatThrownBy(() -> stream.nextInt(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int tenth(long step, Purpose purpose, long rank) {
        return RandomStream.of(1, purpose, step, rank).nextInt(10);
    }

    /** Pearson's χ² with 99 degrees of freedom is above 148.2 once in 1,000 times, below 60 about as rarely. */
    private static void assertUniform(int[] counts) {
        assertThat(counts).hasSize(100);
        double expected = 1000;
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        assertThat(sum).isBetween(60.0, 148.2);
    }
}
