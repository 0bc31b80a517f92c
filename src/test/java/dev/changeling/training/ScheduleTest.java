package dev.changeling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.config.ScheduleConfig;
import dev.changeling.config.ScheduleConfig.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    private static final int STEPS = 1000;

    private static Schedule schedule(Shape shape, int warmup, double decayFraction, double finalFraction) {
        return new Schedule(new ScheduleConfig(shape, warmup, decayFraction, finalFraction), STEPS);
    }

    @ParameterizedTest
    @CsvSource({
        // With 100 steps of warm-up, falling to 0.
        "LINEAR,   0, 0",
        "LINEAR,   1, 0.00999", // 0.01 · 0.999
        "LINEAR,  50, 0.475", // 0.5 · 0.95
        "LINEAR, 100, 0.9",
        "LINEAR, 500, 0.5",
        "LINEAR, 999, 0.001",
        "COSINE,   0, 0",
        "COSINE,  50, 0.5",
        "COSINE, 100, 1",
        "COSINE, 325, 0.853553390593", // a quarter of the way: (1 + cos 45°) / 2
        "COSINE, 550, 0.5",
        "COSINE, 775, 0.146446609407",
        "COSINE, 1000, 0",
        "WARMUP_STABLE_DECAY,   0, 0",
        "WARMUP_STABLE_DECAY,  50, 0.5",
        "WARMUP_STABLE_DECAY, 100, 1",
        "WARMUP_STABLE_DECAY, 800, 1",
        "WARMUP_STABLE_DECAY, 900, 0.5",
        "WARMUP_STABLE_DECAY, 999, 0.005",
    })
    void hasItsValueAt(Shape shape, int step, double expected) {
        assertThat(schedule(shape, 100, 0.2, 0).factor(step)).isCloseTo(expected, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        "LINEAR, 500, 0.55",
        "LINEAR, 1000, 0.1",
        "COSINE, 500, 0.55",
        "COSINE, 1000, 0.1",
        "WARMUP_STABLE_DECAY, 500, 1",
        "WARMUP_STABLE_DECAY, 900, 0.55",
        "WARMUP_STABLE_DECAY, 1000, 0.1"
    })
    void fallsToTheFinalFraction(Shape shape, int step, double expected) {
        assertThat(schedule(shape, 0, 0.2, 0.1).factor(step)).isCloseTo(expected, within(1e-9));
    }

    @ParameterizedTest
    @EnumSource
    void startsAtTheTopWithoutWarmUp(Shape shape) {
        assertThat(schedule(shape, 0, 0.2, 0).factor(0)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void risesThenNeverRisesAgain(Shape shape) {
        Schedule schedule = schedule(shape, 100, 0.2, 0.05);
        for (int step = 1; step < STEPS; step++) {
            if (step <= 100) {
                assertThat(schedule.factor(step)).isGreaterThan(schedule.factor(step - 1));
            } else {
                assertThat(schedule.factor(step)).isBetween(0.05, schedule.factor(step - 1));
            }
        }
    }

    @Test
    void staysAtTheTopWithoutADecayPhase() {
        Schedule schedule = schedule(Shape.WARMUP_STABLE_DECAY, 0, 0, 0);
        assertThat(schedule.factor(STEPS - 1)).isEqualTo(1);
    }
}
