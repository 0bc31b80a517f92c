package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import org.junit.jupiter.api.Test;

class ContrastLossTest {
    private static final Engine ENGINE = TestConfigs.engine();

    private static double loss(float[] corrupted, float[] cropped, long sequencesInAll) {
        try (Engine.Scope scope = ENGINE.scope()) {
            long sequences = corrupted.length / 2;
            return new ContrastLoss(0)
                    .of(
                            HostCopy.toDevice(ENGINE, corrupted, sequences, 2),
                            HostCopy.toDevice(ENGINE, cropped, sequences, 2),
                            new Totals(1, 1, sequencesInAll))
                    .item_double();
        }
    }

    @Test
    void isTheCrossEntropyOfFindingTheOtherView() {
        // Two sequences at right angles, their views along the same axes, of any length: cosines 1 to the own other
        // view, 0 to both views of the other sequence.
        double expected = -Math.log(Math.E / (Math.E + 2));
        assertThat(loss(new float[] {2, 0, 0, 5}, new float[] {1, 0, 0, 1}, 2)).isCloseTo(expected, within(1e-6));
        // The other way round the own other view is at 0, and one of the strangers at 1.
        assertThat(loss(new float[] {2, 0, 0, 5}, new float[] {0, 1, 1, 0}, 2))
                .isCloseTo(-Math.log(1 / (Math.E + 2)), within(1e-6));
    }

    @Test
    void ofADeviceBatchIsItsShareOfTheTotalBatch() {
        double whole = loss(new float[] {2, 0, 0, 5}, new float[] {1, 1, 0, 1}, 2);
        assertThat(loss(new float[] {2, 0, 0, 5}, new float[] {1, 1, 0, 1}, 8)).isCloseTo(whole / 4, within(1e-6));
    }

    @Test
    void aSequenceAloneHasNoOthersToBeToldFrom() {
        assertThat(loss(new float[] {2, 1}, new float[] {1, -3}, 1)).isCloseTo(0, within(1e-6));
    }
}
