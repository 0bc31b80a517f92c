package dev.changeling.objective;

import dev.changeling.model.Electra;
import dev.changeling.model.MaskedTokenHead;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Predictions over the vocabulary, one block of positions after another.
 *
 * <p>The logits over the vocabulary would be the largest tensor of a step, several times over: themselves, their
 * softmax, its running sum, their gradient. So all that needs them is done for one block of positions at a time, the
 * gradient included, in two buffers that every block uses again.
 */
public final class VocabularyBlocks {
    /** The most positions in a block: enough for fast products, few enough for what a block holds to stay small. */
    public static final int SIZE = 160;

    private VocabularyBlocks() {}

    /** What is done with a block, outside of autograd; all that it makes is freed afterwards. */
    @FunctionalInterface
    interface Work {
        /**
         * @param first the block's first position
         * @param rows how many positions it has, R
         */
        void with(PredictedBlock block, long first, long rows);
    }

    /**
     * Predicts, block by block.
     *
     * @param head whose output layer predicts
     * @param hidden_ME what it reads
     * @param targets_M the tokens whose surprisal is asked for
     */
    static void of(Electra model, MaskedTokenHead head, Tensor hidden_ME, Tensor targets_M, Work work) {
        long positions = hidden_ME.size(0);
        try (NoGradGuard noGrad = new NoGradGuard()) {
            // Blocks of one size: a last one of a few positions would read the whole word table for little.
            long blocks = (positions + SIZE - 1) / SIZE;
            for (long block = 0; block < blocks; block++) {
                long first = block * positions / blocks;
                long rows = (block + 1) * positions / blocks - first;
                try (PointerScope scope = new PointerScope()) {
                    work.with(
                            new PredictedBlock(
                                    model,
                                    head.output(),
                                    SIZE,
                                    hidden_ME.narrow(0, first, rows),
                                    targets_M.narrow(0, first, rows)),
                            first,
                            rows);
                }
            }
        }
    }
}
