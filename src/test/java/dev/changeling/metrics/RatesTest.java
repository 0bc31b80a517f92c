package dev.changeling.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final long SECOND = 1_000_000_000L;
    private long now = 77 * SECOND;

    @Test
    void aFirstSlowStepDoesNotSpoilTheEstimate() {
        Rates rates = new Rates(0, 10, 0, 0, () -> now);
        assertThat(rates.snapshot().etaSeconds()).isNaN();
        step(rates, 30);
        assertThat(rates.snapshot().etaSeconds()).isNaN();
        step(rates, 2);
        step(rates, 4);

        Rates.Snapshot snapshot = rates.snapshot();
        assertThat(snapshot.etaSeconds()).isCloseTo(7 * 3, within(1e-9));
        assertThat(snapshot.elapsedSeconds()).isCloseTo(36, within(1e-9));
        assertThat(snapshot.tokens()).isEqualTo(300);
    }

    @Test
    void theSpeedIsThatSinceTheSnapshotBefore() {
        Rates rates = new Rates(0, 10, 0, 0, () -> now);
        step(rates, 10);
        assertThat(rates.snapshot().tokensPerSecond()).isCloseTo(10, within(1e-9));
        step(rates, 1);
        step(rates, 1);
        assertThat(rates.snapshot().tokensPerSecond()).isCloseTo(100, within(1e-9));
    }

    @Test
    void aResumedRunGoesOnCounting() {
        Rates rates = new Rates(8, 10, 5000, 100, () -> now);
        step(rates, 1);
        step(rates, 1);
        Rates.Snapshot snapshot = rates.snapshot();
        assertThat(snapshot.tokens()).isEqualTo(5200);
        assertThat(snapshot.elapsedSeconds()).isCloseTo(102, within(1e-9));
        assertThat(snapshot.etaSeconds()).isZero();
        assertThat(rates.elapsedSeconds()).isCloseTo(102, within(1e-9));
    }

    @Test
    void residentMemoryIsRead() {
        assertThat(ResidentMemory.parse(List.of("Name:\tjava", "VmRSS:\t  123456 kB")))
                .isEqualTo(123456L * 1024);
        assertThat(ResidentMemory.bytes()).isGreaterThan(1_000_000);
    }

    private void step(Rates rates, long seconds) {
        now += seconds * SECOND;
        rates.stepDone(100);
    }
}
