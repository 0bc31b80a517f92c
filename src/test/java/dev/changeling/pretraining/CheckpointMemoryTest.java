package dev.changeling.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.checkpoint.CheckpointStore;
import dev.changeling.checkpoint.Progress;
import dev.changeling.config.RunConfig;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.training.StepOutcome;
import dev.changeling.training.Trainer;
import dev.changeling.training.TrainingListener;
import dev.changeling.training.TrainingState;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large network's state is gigabytes; Java's heap need not hold it. */
class CheckpointMemoryTest {
    private static final int VOCABULARY = 30_000;

    @Test
    void savingTheStateNeedsLittleOfJavasHeap(@TempDir Path folder) throws Exception {
        RunConfig config = TestConfigs.run(1, 2, 2);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] stateBytes = new long[1];
        long[] allocated = new long[1];
        TrainingListener saves = new TrainingListener() {
            @Override
            public void stepped(long step, long tokens, StepOutcome outcome, @Nullable PretrainingReport scores) {}

            @Override
            public void evaluated(long step, PretrainingReport heldOut) {}

            @Override
            public void checkpoint(TrainingState state, @Nullable Double heldOutLoss) {
                assertThat(state.arrays()).allMatch(array -> array.data().isDirect());
                stateBytes[0] = state.arrays().stream()
                        .mapToLong(array -> array.data().remaining())
                        .sum();
                // The first loads classes, which takes more of the heap than anything else here.
                save(state, folder.resolve("first"));
                long before = threads.getCurrentThreadAllocatedBytes();
                save(state, folder.resolve("second"));
                allocated[0] = threads.getCurrentThreadAllocatedBytes() - before;
            }
        };
        try (Electra model = new Electra(TestConfigs.engine(), config.model(), VOCABULARY);
                Trainer trainer = new Trainer(
                        model,
                        config,
                        TestConfigs.tokens(VOCABULARY),
                        TestBatches.always(TestBatches.random(1, 2, 16, VOCABULARY), 2),
                        List.of(),
                        null,
                        saves)) {
            Initialization.apply(model, config.model(), 1);
            trainer.run(() -> false);
            assertThat(stateBytes[0]).isGreaterThan(20_000_000);
            assertThat(allocated[0]).isPositive().isLessThan(stateBytes[0] / 20);
        }
    }

    private static void save(TrainingState state, Path folder) {
        new CheckpointStore(folder).save(new Progress(state.step(), state.tokens(), 0, null, "any"), state.arrays());
    }
}
