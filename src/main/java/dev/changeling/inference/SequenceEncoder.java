package dev.changeling.inference;

import dev.changeling.batch.Batches;
import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceGroups;
import dev.changeling.hub.Pretrained;
import dev.changeling.model.Dropout;
import dev.changeling.model.PackedInput;
import dev.changeling.model.Pooling;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TransformerEncoder;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tensor.SideBySide;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * An encoder at work on sequences, any number of any length: sorted by length into batches, which go through the
 * network side by side, each on a CPU thread of its own. Safe for use by several threads; the network must stay open
 * until this is closed.
 */
public final class SequenceEncoder implements AutoCloseable {
    // Bounds what a batch of long texts takes: hidden states grow with its tokens, attention weights with their length,
    // too.
    private static final int TOKENS_A_BATCH = 4096;

    private final StandaloneModel<TransformerEncoder> model;
    private final int padding;
    private final int batchSize;
    private final SideBySide threads;

    /**
     * Starts an engine's threads.
     *
     * @param pretrained is not closed with this
     * @param batchSize the most sequences of a batch
     */
    public SequenceEncoder(Pretrained<TransformerEncoder> pretrained, int batchSize) {
        this.model = pretrained.model();
        this.padding = pretrained.padding();
        this.batchSize = batchSize;
        this.threads = SideBySide.of(model.engine(), model.engine().sideBySide(), "encoder");
    }

    /** Returns H, the width of a hidden state. */
    public int width() {
        return model.config().discriminator().hiddenSize();
    }

    /**
     * Returns the batches that sequences are encoded in: the numbers of those in each.
     *
     * @param sequences [CLS] and [SEP] included; none longer than the position table
     */
    public List<List<Integer>> batches(List<Sequence> sequences) {
        int[] lengths = sequences.stream().mapToInt(Sequence::length).toArray();
        // A few sequences are shared out, too.
        int share = (sequences.size() + threads.count() - 1) / threads.count();
        return SequenceGroups.byLength(lengths, TOKENS_A_BATCH, Math.max(1, Math.min(batchSize, share)));
    }

    /** Returns a vector for each sequence, in the order given. */
    public float[][] pool(List<Sequence> sequences, Pooling pooling) {
        float[][] vectors = new float[sequences.size()][];
        forEachBatch(sequences, (batch, input, hidden_BSH) -> {
            float[] pooled_BH = HostCopy.toFloats(pooling.pool(hidden_BSH, input));
            for (int row = 0; row < batch.size(); row++) {
                vectors[batch.get(row)] = Arrays.copyOfRange(pooled_BH, row * width(), (row + 1) * width());
            }
        });
        return vectors;
    }

    /** Returns the hidden states of each sequence's tokens, row-major, in the order given. */
    public float[][] states(List<Sequence> sequences) {
        float[][] states = new float[sequences.size()][];
        forEachBatch(sequences, (batch, input, hidden_BSH) -> {
            float[] hidden = HostCopy.toFloats(hidden_BSH);
            int rowSize = hidden.length / batch.size();
            for (int row = 0; row < batch.size(); row++) {
                int from = row * rowSize;
                int length = sequences.get(batch.get(row)).length();
                states[batch.get(row)] = Arrays.copyOfRange(hidden, from, from + length * width());
            }
        });
        return states;
    }

    /** What is done with a batch's hidden states. */
    @FunctionalInterface
    private interface Use {
        void of(List<Integer> batch, PackedInput input, Tensor hidden_BSH);
    }

    private void forEachBatch(List<Sequence> sequences, Use use) {
        List<List<Integer>> batches = batches(sequences);
        // The longest first, so that no thread is left alone with a large one at the end.
        AtomicInteger left = new AtomicInteger(batches.size());
        threads.run(batches.size(), thread -> {
            int done = 0;
            for (int next = left.decrementAndGet(); next >= 0; next = left.decrementAndGet()) {
                encode(sequences, batches.get(next), use);
                done++;
            }
            return done;
        });
    }

    private void encode(List<Sequence> sequences, List<Integer> batch, Use use) {
        try (Engine.Scope scope = model.engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            PackedInput input = PackedInput.of(
                    model.engine(),
                    Batches.of(batch.stream().map(sequences::get).toList(), padding));
            use.of(batch, input, model.network().encode(input, Dropout.NONE));
        }
    }

    /** Waits for those that use it. */
    @Override
    public void close() {
        threads.close();
    }
}
