package dev.changeling.batch;

import dev.changeling.shard.Dataset;
import dev.changeling.shard.Rows;
import java.util.Iterator;
import java.util.stream.IntStream;

/** The held-out rows of a data set in a fixed order, each once; the last batch may be smaller. */
public final class HeldOutBatches implements Iterable<Batch> {
    private final Rows rows;
    private final int batchSize;
    private final long count;

    /**
     * @param dataset what to evaluate on
     * @param batchSize rows a batch
     * @param limit how many rows to take, evenly spaced over all; 0 for all
     */
    public HeldOutBatches(Dataset dataset, int batchSize, int limit) {
        if (batchSize < 1 || limit < 0) {
            throw new IllegalArgumentException("batches of " + batchSize + " rows, at most " + limit + " rows");
        }
        this.rows = dataset.heldOut();
        this.batchSize = batchSize;
        this.count = limit == 0 ? rows.count() : Math.min(limit, rows.count());
    }

    /** Returns how many batches there are. */
    public int batches() {
        return Math.toIntExact((count + batchSize - 1) / batchSize);
    }

    /** Returns how many rows there are in all batches. */
    public long rows() {
        return count;
    }

    @Override
    public Iterator<Batch> iterator() {
        return IntStream.range(0, batches()).mapToObj(this::batch).iterator();
    }

    /** Returns one batch, from 0. */
    public Batch batch(int index) {
        if (index < 0 || index >= batches()) {
            throw new IndexOutOfBoundsException("batch " + index + " of " + batches());
        }
        long first = (long) index * batchSize;
        long[] numbers = new long[(int) Math.min(batchSize, count - first)];
        for (int i = 0; i < numbers.length; i++) {
            // Rows stand in the order of documents and lengths; the first few alone would be no fair sample.
            numbers[i] = (first + i) * rows.count() / count;
        }
        return Batches.of(rows, numbers);
    }
}
