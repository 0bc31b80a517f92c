package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.batch.Batches;
import dev.changeling.batch.Sequence;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The encoder outside of autograd, where it frees as it goes, against the encoder within. */
class EncoderPassTest {
    private static final List<Sequence> PADDED =
            List.of(Sequence.of(2, 5, 6, 7, 8, 9, 3), Sequence.of(2, 3), Sequence.of(2, 10, 11, 3));
    private static final List<Sequence> FULL = List.of(Sequence.of(2, 5, 6, 7, 3), Sequence.of(2, 10, 11, 4, 3));

    private Electra model;

    @BeforeEach
    void build() {
        model = TestExports.model(11);
    }

    @AfterEach
    void close() {
        model.close();
    }

    private float[] keeping(List<Sequence> sequences) {
        try (Engine.Scope scope = model.engine().scope()) {
            PackedInput input = PackedInput.of(model.engine(), Batches.of(sequences, 0));
            return HostCopy.toFloats(model.discriminator().encoder().encode(input, Dropout.NONE));
        }
    }

    private float[] passing(List<Sequence> sequences) {
        try (Engine.Scope scope = model.engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            PackedInput input = PackedInput.of(model.engine(), Batches.of(sequences, 0));
            return HostCopy.toFloats(model.discriminator().encoder().encode(input, Dropout.NONE));
        }
    }

    @Test
    void givesTheSameNumbersWithPadding() {
        assertThat(passing(PADDED)).containsExactly(keeping(PADDED));
    }

    @Test
    void givesTheSameWithoutABiasWhereNothingIsPadded() {
        assertThat(passing(FULL)).containsExactly(keeping(FULL), within(1e-5f));
    }

    @Test
    void poolingLooksAtRealTokensOnly() {
        try (Engine.Scope scope = model.engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            PackedInput input = PackedInput.of(model.engine(), Batches.of(PADDED, 0));
            org.bytedeco.pytorch.Tensor hidden_BSH =
                    model.discriminator().encoder().encode(input, Dropout.NONE);
            float[] hidden = HostCopy.toFloats(hidden_BSH);
            float[] mean = HostCopy.toFloats(Pooling.MEAN.pool(hidden_BSH, input));
            float[] cls = HostCopy.toFloats(Pooling.CLS.pool(hidden_BSH, input));
            int width = cls.length / PADDED.size();
            for (int row = 0; row < PADDED.size(); row++) {
                for (int i = 0; i < width; i++) {
                    int first = row * 7 * width + i;
                    double sum = 0;
                    for (int token = 0; token < PADDED.get(row).length(); token++) {
                        sum += hidden[first + token * width];
                    }
                    assertThat(cls[row * width + i]).isEqualTo(hidden[first]);
                    assertThat((double) mean[row * width + i])
                            .isCloseTo(sum / PADDED.get(row).length(), within(1e-5));
                }
            }
        }
    }
}
