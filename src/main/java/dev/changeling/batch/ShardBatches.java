package dev.changeling.batch;

import dev.changeling.shard.Dataset;
import dev.changeling.shard.Rows;
import java.util.Locale;

/**
 * The training rows of a data set, epoch after epoch, each in an order of its own. Step n's total batch of B rows is
 * rows n·B to (n + 1)·B − 1 of that endless stream; of these, every rank takes a slice, and every device batch a slice
 * of the rank's. Safe for use by several threads.
 */
public final class ShardBatches implements BatchSource {
    private final Rows rows;
    private final long seed;
    private final int batchSize;
    private final int deviceBatchSize;
    private final int rank;
    private final int rowsOfRank;

    /**
     * The batches of the only process there is.
     *
     * @param dataset what to train on
     * @param seed of the run
     * @param batchSize B, rows a step
     * @param deviceBatchSize rows a device batch; divides the batch size
     */
    public ShardBatches(Dataset dataset, long seed, int batchSize, int deviceBatchSize) {
        this(dataset, seed, batchSize, deviceBatchSize, 0, 1);
    }

    /**
     * The batches of one process of several.
     *
     * @param dataset what to train on, the same in every process
     * @param seed of the run
     * @param batchSize B, rows a step, of all processes together
     * @param deviceBatchSize rows a device batch; times the world size, it divides the batch size
     * @param rank which process this is, from 0
     * @param world how many processes there are
     */
    public ShardBatches(Dataset dataset, long seed, int batchSize, int deviceBatchSize, int rank, int world) {
        if (rank < 0 || rank >= world) {
            throw new IllegalArgumentException("rank " + rank + " of " + world + " processes");
        }
        if (deviceBatchSize < 1 || batchSize < 1 || batchSize % ((long) deviceBatchSize * world) != 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "batches of %d rows can't be divided into device batches of %d on %d processes",
                    batchSize,
                    deviceBatchSize,
                    world));
        }
        this.rows = dataset.train();
        this.seed = seed;
        this.batchSize = batchSize;
        this.deviceBatchSize = deviceBatchSize;
        this.rank = rank;
        this.rowsOfRank = batchSize / world;
    }

    @Override
    public Batch batch(long step, int microBatch) {
        if (step < 0 || microBatch < 0 || microBatch >= microBatches()) {
            throw new IndexOutOfBoundsException(
                    "step " + step + ", device batch " + microBatch + " of " + microBatches());
        }
        long first = Math.multiplyExact(step, (long) batchSize)
                + (long) rank * rowsOfRank
                + (long) microBatch * deviceBatchSize;
        long[] numbers = new long[deviceBatchSize];
        EpochOrder order = new EpochOrder(seed, first / rows.count(), rows.count());
        for (int i = 0; i < deviceBatchSize; i++) {
            long place = (first + i) % rows.count();
            if (place == 0 && i > 0) {
                order = new EpochOrder(seed, (first + i) / rows.count(), rows.count());
            }
            numbers[i] = order.row(place);
        }
        return Batches.of(rows, numbers);
    }

    @Override
    public int microBatches() {
        return rowsOfRank / deviceBatchSize;
    }
}
