package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.model.PackedInput;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import org.junit.jupiter.api.Test;

class ReplacementTest {
    private static final Engine ENGINE = TestConfigs.engine();

    @Test
    void writesTheSamplesAndLabelsOnlyThoseThatDiffer() {
        Batch batch = TestBatches.row(10, new int[] {2, 11, 12, 13, 3}, new int[] {2, 14, 3});
        int[] positions = {1, 3, 6};
        int[] originals = {11, 13, 14};
        int[] samples = {20, 13, 21}; // the second is right by chance
        try (Engine.Scope scope = ENGINE.scope()) {
            PackedInput original = PackedInput.of(ENGINE, batch);
            int[] hidden = {2, 4, 12, 4, 3, 2, 4, 3, 0, 0};
            Masked masked = new Masked(
                    original.withTokens(HostCopy.toDevice(ENGINE, hidden, 1, 10)),
                    HostCopy.toDevice(ENGINE, positions, 3),
                    HostCopy.toDevice(ENGINE, originals, 3));
            Replaced replaced = new Replacement().apply(original, masked, HostCopy.toDevice(ENGINE, samples, 3));

            assertThat(HostCopy.toInts(replaced.input().tokens_BS())).containsExactly(2, 20, 12, 13, 3, 2, 21, 3, 0, 0);
            assertThat(replaced.input().tokens_BS().shape()).containsExactly(1, 10);
            assertThat(HostCopy.toFloats(replaced.labels_T())).containsExactly(0, 1, 0, 0, 0, 0, 1, 0);
            assertThat(HostCopy.toInts(original.tokens_BS())).isEqualTo(batch.tokens());
            assertThat(HostCopy.toInts(replaced.input().positions_BS())).isEqualTo(batch.positions());
        }
    }

    @Test
    void labelsNothingWhereNothingWasMasked() {
        Batch batch = TestBatches.row(4, new int[] {2, 3});
        try (Engine.Scope scope = ENGINE.scope()) {
            PackedInput original = PackedInput.of(ENGINE, batch);
            Masked masked = new Masked(
                    original, HostCopy.toDevice(ENGINE, new int[0], 0), HostCopy.toDevice(ENGINE, new int[0], 0));
            Replaced replaced = new Replacement().apply(original, masked, HostCopy.toDevice(ENGINE, new int[0], 0));
            assertThat(HostCopy.toInts(replaced.input().tokens_BS())).isEqualTo(batch.tokens());
            assertThat(HostCopy.toFloats(replaced.labels_T())).containsExactly(0, 0);
        }
    }
}
