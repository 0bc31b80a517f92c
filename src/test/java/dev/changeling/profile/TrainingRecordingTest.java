package dev.changeling.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import dev.changeling.profile.TimedStep.TimedPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRecordingTest {

    @Test
    void givesEachStepItsPhases() throws IOException, InterruptedException {
        List<TimedStep> steps;
        try (TrainingRecording recording = TrainingRecording.start()) {
            Phase.EVALUATION.run(() -> {}); // before any step
            StepEvent first = StepEvent.begin(7);
            assertThat(Phase.DATA.of(() -> "rows")).isEqualTo("rows");
            Thread replica = new Thread(() -> Phase.DEVICE_BATCH.run(() -> Phase.BACKWARD.run(() -> {})));
            replica.start();
            replica.join();
            first.finish(100);
            Phase.CHECKPOINT.run(() -> {}); // between steps
            StepEvent second = StepEvent.begin(8);
            Phase.OPTIMIZER.run(() -> {});
            second.finish(90);
            StepEvent.begin(9); // never ended
            steps = recording.stop();
        }

        assertThat(steps).extracting(TimedStep::step).containsExactly(7L, 8L);
        assertThat(steps).extracting(TimedStep::tokens).containsExactly(100L, 90L);
        assertThat(steps.get(0).phases())
                .extracting(TimedPhase::phase)
                .containsExactlyInAnyOrder(Phase.DATA, Phase.DEVICE_BATCH, Phase.BACKWARD);
        assertThat(steps.get(0).replicas()).isEqualTo(1);
        assertThat(steps.get(0).nanos(Phase.DEVICE_BATCH))
                .isEqualTo(steps.get(0).deviceBatchesNanos())
                .isGreaterThanOrEqualTo(steps.get(0).nanos(Phase.BACKWARD));
        assertThat(steps.get(1).phases()).extracting(TimedPhase::phase).containsExactly(Phase.OPTIMIZER);
    }

    @Test
    void namesTheFileOfARecordingThatIsCutOff(@TempDir Path folder) throws IOException {
        Path whole = folder.resolve("whole.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(StepEvent.NAME);
            recording.start();
            for (int i = 0; i < 2000; i++) {
                StepEvent.begin(i).finish(1);
            }
            recording.stop();
            recording.dump(whole);
        }
        assertThat(TrainingRecording.read(whole)).hasSize(2000);

        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.jfr");
        for (int share = 1; share < 10; share++) {
            Files.write(cut, Arrays.copyOf(bytes, bytes.length * share / 10));
            assertThatThrownBy(() -> TrainingRecording.read(cut))
                    .as("%d tenths of the file", share)
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith(cut + ": no whole recording");
        }
    }

    @Test
    void leavesNoEventOfAPhaseThatFails() throws IOException {
        List<TimedStep> steps;
        try (TrainingRecording recording = TrainingRecording.start()) {
            StepEvent step = StepEvent.begin(0);
            assertThatThrownBy(() -> Phase.DATA.run(() -> {
                        throw new IOException("gone");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("gone");
            step.finish(1);
            steps = recording.stop();
        }

        assertThat(steps).singleElement().extracting(TimedStep::phases).isEqualTo(List.of());
    }
}
