package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.batch.Batch;
import dev.changeling.batch.Batches;
import dev.changeling.batch.Sequence;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What networks say of sequences that share rows, beside what they say of each in a row of its own. */
class PackedSequencesTest {
    private static final List<Sequence> SEQUENCES =
            List.of(Sequence.of(2, 5, 6, 7, 8, 9, 3), Sequence.of(2, 3), new Sequence(new int[] {2, 10, 3, 11, 3}, 3));
    private static final List<List<Sequence>> ROWS =
            List.of(List.of(SEQUENCES.get(0), SEQUENCES.get(1)), List.of(SEQUENCES.get(2)));

    private static void comparePackedWithAlone(StandaloneModel<TaskNetwork> built) {
        try (StandaloneModel<TaskNetwork> model = built) {
            Initialization.apply(model.parameters(), name -> true, 0.3, 7);
            float[] alone = outputs(model, Batches.of(SEQUENCES, 0));
            float[] packed = outputs(model, Batches.ofRows(ROWS, 0, 8));
            assertThat(packed).containsExactly(alone, within(1e-5f));
            int width = alone.length / SEQUENCES.size();
            assertThat(alone[0]).isNotCloseTo(alone[width], within(1e-3f));
        }
    }

    private static float[] outputs(StandaloneModel<TaskNetwork> model, Batch batch) {
        try (Engine.Scope scope = model.engine().scope()) {
            return HostCopy.toFloats(model.network().outputs(PackedInput.of(model.engine(), batch), Dropout.NONE));
        }
    }

    @Test
    void aClassifierJudgesEach() {
        comparePackedWithAlone(StandaloneModel.sequenceClassifier(
                TestExports.engine(),
                TestExports.config(),
                TestExports.vocabulary().size(),
                3));
    }

    @Test
    void poolingMakesAVectorOfEach() {
        for (Pooling pooling : Pooling.values()) {
            comparePackedWithAlone(StandaloneModel.sentenceEncoder(
                    TestExports.engine(),
                    TestExports.config(),
                    TestExports.vocabulary().size(),
                    pooling));
        }
    }
}
