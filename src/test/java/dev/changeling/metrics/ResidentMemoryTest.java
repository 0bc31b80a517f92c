package dev.changeling.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {

    @Test
    void readsKilobytes() {
        assertThat(ResidentMemory.parse(List.of("VmHWM:\t    3000 kB", "VmRSS:\t    2000 kB")))
                .isEqualTo(2000 * 1024);
    }

    @Test
    void knowsThePeakWhereTheSystemTells() {
        assertThat(ResidentMemory.peakBytes().isPresent()).isEqualTo(Files.exists(Path.of("/proc/self/status")));
        ResidentMemory.peakBytes().ifPresent(peak -> assertThat(peak).isPositive());
    }
}
