package dev.changeling.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.bench.StepTimes.Part;
import dev.changeling.profile.Phase;
import dev.changeling.profile.TimedStep;
import dev.changeling.profile.TimedStep.TimedPhase;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTimesTest {
    private static final long MILLI = 1_000_000;

    private static TimedPhase phase(Phase phase, long thread, long start, long millis) {
        return new TimedPhase(phase, thread, start * MILLI, millis * MILLI);
    }

    /** Two threads: one is done after 20 ms, the other after 30. */
    @Test
    void takesTheMeanOfThreadsAndWhatTheSlowestTakesLonger() {
        TimedStep step = new TimedStep(
                0,
                100,
                50 * MILLI,
                List.of(
                        phase(Phase.DATA, 1, 0, 4),
                        phase(Phase.DEVICE_BATCH, 2, 5, 20),
                        phase(Phase.GENERATOR, 2, 5, 8),
                        phase(Phase.BACKWARD, 2, 13, 10),
                        phase(Phase.DEVICE_BATCH, 3, 5, 30),
                        phase(Phase.GENERATOR, 3, 5, 12),
                        phase(Phase.BACKWARD, 3, 17, 16),
                        phase(Phase.OPTIMIZER, 1, 36, 6)));

        StepTimes times = StepTimes.of(List.of(step));

        assertThat(times.millis(Part.DATA)).isEqualTo(4, within(1e-9));
        assertThat(times.millis(Part.GENERATOR)).isEqualTo(10, within(1e-9));
        assertThat(times.millis(Part.BACKWARD)).isEqualTo(13, within(1e-9));
        assertThat(times.millis(Part.OPTIMIZER)).isEqualTo(6, within(1e-9));
        assertThat(times.millis(Part.IDLE)).isEqualTo(5, within(1e-9));
        assertThat(times.millis(Part.OTHER)).isEqualTo(50 - 4 - 10 - 13 - 6 - 5, within(1e-9));
        assertThat(times.stepMillis()).isEqualTo(50, within(1e-9));
    }

    @Test
    void addsUpToTheMeanStep() {
        TimedStep quick = new TimedStep(0, 100, 10 * MILLI, List.of(phase(Phase.DATA, 1, 0, 1)));
        TimedStep slow = new TimedStep(1, 100, 30 * MILLI, List.of(phase(Phase.DATA, 1, 50, 3)));

        StepTimes times = StepTimes.of(List.of(quick, slow));

        assertThat(times.millis(Part.DATA)).isEqualTo(2, within(1e-9));
        assertThat(Arrays.stream(Part.values()).mapToDouble(times::millis).sum())
                .isEqualTo(20, within(1e-9));
        assertThat(Arrays.stream(Part.values()).mapToDouble(times::share).sum()).isEqualTo(1, within(1e-9));
    }
}
