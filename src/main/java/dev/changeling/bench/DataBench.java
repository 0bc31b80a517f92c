package dev.changeling.bench;

import dev.changeling.batch.Batch;
import dev.changeling.batch.ShardBatches;
import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.objective.JointObjective;
import dev.changeling.shard.Dataset;
import java.time.Duration;

/** How fast rows are read from shards and masked, with nothing else to do. */
public final class DataBench {
    /** Steps between two looks at the clock. */
    private static final int STEPS = 8;

    private DataBench() {}

    /**
     * What was read.
     *
     * @param rows how many
     * @param tokens real tokens in them
     * @param masked masked positions in them
     * @param seconds it took, on one thread
     */
    public record Report(long rows, long tokens, long masked, double seconds) {}

    /**
     * Reads and masks the batches that training would, from step 0, on the calling thread.
     *
     * @param warmup how long before it counts
     * @param time how long it counts
     */
    public static Report run(RunConfig config, Dataset dataset, Duration warmup, Duration time) {
        TrainingConfig training = config.training();
        ShardBatches source =
                new ShardBatches(dataset, training.seed(), training.batchSize(), training.deviceBatchSize());
        JointObjective objective = new JointObjective(config.objective(), dataset.tokenTable(), training.steps());
        Reader reader = new Reader(source, objective, training.seed());
        reader.read(warmup);
        return reader.read(time);
    }

    /** Reads on from where it stopped. */
    private static final class Reader {
        private final ShardBatches source;
        private final JointObjective objective;
        private final long seed;
        private long step;

        Reader(ShardBatches source, JointObjective objective, long seed) {
            this.source = source;
            this.objective = objective;
            this.seed = seed;
        }

        Report read(Duration time) {
            long rows = 0;
            long tokens = 0;
            long masked = 0;
            long start = System.nanoTime();
            long now;
            do {
                for (long last = step + STEPS; step < last; step++) {
                    long firstRow = 0;
                    for (int i = 0; i < source.microBatches(); i++) {
                        Batch batch = source.batch(step, i);
                        masked += objective
                                .mask(batch, seed, step, firstRow)
                                .masked()
                                .count();
                        firstRow += batch.rows();
                        tokens += batch.realTokens();
                    }
                    rows += firstRow;
                }
                now = System.nanoTime();
            } while (now - start < time.toNanos());
            return new Report(rows, tokens, masked, (now - start) / 1e9);
        }
    }
}
