package dev.changeling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.parity.Deviation;
import dev.changeling.training.TrainingParity.Layout;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingParityTest {

    @ParameterizedTest
    @CsvSource({"google, PADDED", "google, PACKED", "adamw, PADDED", "adamw, PACKED"})
    void twentyStepsAreThoseOfTheReference(String optimizer, Layout layout) {
        TrainingParity parity = TrainingParity.of(optimizer, layout);
        assertThat(parity.ours()).hasSize(20).hasSameSizeAs(parity.reference());
        for (int i = 0; i < parity.ours().size(); i++) {
            StepOutcome ours = parity.ours().get(i);
            StepOutcome reference = parity.reference().get(i);
            String step = "step " + i;
            assertRelative(ours.loss(), reference.loss(), 1e-5, step + ", total loss");
            assertRelative(ours.mlmLoss(), reference.mlmLoss(), 1e-5, step + ", MLM loss");
            assertRelative(ours.rtdLoss(), reference.rtdLoss(), 1e-5, step + ", RTD loss");
            assertRelative(ours.gradientNorm(), reference.gradientNorm(), 1e-4, step + ", gradient norm");
            assertThat(ours.learningRate()).as(step).isCloseTo(reference.learningRate(), Offset.offset(1e-12));
            assertThat(ours.tokens()).as(step).isEqualTo(reference.tokens());
        }
        parity.movement()
                .forEach((name, error) -> assertThat(error)
                        .as("weights of " + name + " at the end, of their movement")
                        .isLessThan(1e-4));
    }

    private static void assertRelative(double ours, double reference, double limit, String what) {
        assertThat(Deviation.relative(ours, reference)).as(what).isLessThan(limit);
    }
}
