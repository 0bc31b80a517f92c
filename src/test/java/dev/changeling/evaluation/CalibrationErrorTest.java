package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CalibrationErrorTest {
    private static float logit(double probability) {
        return (float) Math.log(probability / (1 - probability));
    }

    @Test
    void averagesTheBinsByTheirSizes() {
        CalibrationError error = new CalibrationError();
        error.add(logit(0.42), true);
        error.add(logit(0.48), false);
        error.add(logit(0.44), false);
        error.add(logit(0.96), true);
        // The bin from .4 has a mean of .4467 and a third of positives, that from .9 a mean of .96 and all.
        assertThat(error.value()).isCloseTo((3 * (1.34 / 3 - 1 / 3.0) + 0.04) / 4, within(1e-6));
    }

    @Test
    void isZeroWhereWhatIsSaidComesTrueAsOften() {
        CalibrationError error = new CalibrationError();
        for (int i = 0; i < 20; i++) {
            error.add(logit(0.25), i % 4 == 0);
        }
        assertThat(error.value()).isCloseTo(0, within(1e-6));
    }

    @Test
    void certaintyHasABinTooAndNothingHasNoError() {
        assertThat(new CalibrationError().value()).isNaN();
        CalibrationError error = new CalibrationError();
        error.add(1000, true);
        error.add(-1000, true);
        assertThat(error.value()).isCloseTo(0.5, within(1e-12));
    }
}
