package dev.changeling.pretraining;

import dev.changeling.batch.ShardBatches;
import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.error.InputException;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.objective.JointObjective;
import dev.changeling.shard.Dataset;
import dev.changeling.tensor.Engine;
import dev.changeling.training.Trainer;
import dev.changeling.training.TrainingListener;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A run of networks that are thrown away, for its time: it trains as any other, but writes nothing. */
public final class TrialRun implements AutoCloseable {
    private final Electra model;
    private final Trainer trainer;

    /**
     * Prepares the run from step 0.
     *
     * @throws InputException if the data set does not fit the configuration
     */
    public TrialRun(Engine engine, RunConfig config, Dataset dataset, TrainingListener listener) {
        RunConfigFit.check(config, dataset);
        TrainingConfig training = config.training();
        model = new Electra(engine, config.model(), dataset.vocabularySize(), JointObjective.heads(config.objective()));
        boolean opened = false;
        try {
            Initialization.apply(model, config.model(), training.seed());
            trainer = new Trainer(
                    model,
                    config,
                    dataset.tokenTable(),
                    new ShardBatches(dataset, training.seed(), training.batchSize(), training.deviceBatchSize()),
                    List.of(),
                    null,
                    listener);
            opened = true;
        } finally {
            if (!opened) {
                model.close();
            }
        }
    }

    /** Trains to the last step, or until asked to stop, after any step. */
    public void run(BooleanSupplier stopRequested) throws IOException {
        trainer.run(stopRequested);
    }

    /** Returns how many numbers the networks have to learn. */
    public long parameters() {
        return model.parameters().size();
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }
}
