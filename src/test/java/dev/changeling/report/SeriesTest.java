package dev.changeling.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void keepsAShortSeriesAsItIs() {
        Series series = new Series();
        for (int i = 1; i <= Series.MOST_POINTS; i++) {
            series.add(i * 10L, i);
        }

        assertThat(series.points()).hasSize(Series.MOST_POINTS).allMatch(point -> point.count() == 1);
        assertThat(series.first()).hasValue(1);
        assertThat(series.last()).hasValue(Series.MOST_POINTS);
    }

    @Test
    void thinsALongSeriesAndLosesNoSpikeAndNoMean() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Series series = new Series();
        int count = 100_000 + random.nextInt(10_000);
        double sum = 0;
        for (int step = 1; step <= count; step++) {
            double value = step == 77_777 ? 1_000 : step == 5 ? -1_000 : random.nextDouble();
            series.add(step, value);
            sum += value;
        }

        assertThat(series.points()).as("seed %d", seed).hasSizeBetween(Series.MOST_POINTS / 2, Series.MOST_POINTS);
        assertThat(series.points().stream().mapToDouble(Series.Point::max).max())
                .hasValue(1_000);
        assertThat(series.points().stream().mapToDouble(Series.Point::min).min())
                .hasValue(-1_000);
        assertThat(series.points().stream().mapToInt(Series.Point::count).sum()).isEqualTo(count);
        assertThat(series.mean(0, count).orElseThrow()).as("seed %d", seed).isCloseTo(sum / count, within(1e-9));
        assertThat(series.points().get(series.points().size() - 1).lastStep()).isEqualTo(count);
        series.add(count + 1, 0.25);
        series.add(count + 2, Double.NaN);
        assertThat(series.last()).hasValue(0.25);
        for (int i = 1; i < series.points().size(); i++) {
            assertThat(series.points().get(i).firstStep())
                    .isEqualTo(series.points().get(i - 1).lastStep() + 1);
        }
    }

    @Test
    void meansTheValuesAfterOneStepUpToAnother() {
        Series series = new Series();
        for (int step = 10; step <= 50; step += 10) {
            series.add(step, step);
        }

        assertThat(series.mean(20, 40)).hasValue(35);
        assertThat(series.mean(50, 90)).isEmpty();
    }

    @Test
    void countsWhatIsNotFiniteAndLeavesItOut() {
        Series series = new Series();
        series.add(1, 2);
        series.add(2, Double.NaN);
        series.add(3, Double.POSITIVE_INFINITY);
        series.add(4, 4);

        assertThat(series.notFinite()).isEqualTo(2);
        assertThat(series.firstNotFinite()).isEqualTo(2);
        assertThat(series.mean(0, 4)).hasValue(3);
        assertThat(series.count()).isEqualTo(4);
    }
}
