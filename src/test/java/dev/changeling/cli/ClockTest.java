package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockTest {

    @Test
    void speaksInTheLargestUnitThatFits() {
        assertThat(Clock.of(Duration.ofMillis(59_999))).isEqualTo("59 s");
        assertThat(Clock.of(Duration.ofSeconds(185))).isEqualTo("3:05 min");
        assertThat(Clock.of(Duration.ofSeconds(7385))).isEqualTo("2:03:05 h");
    }
}
