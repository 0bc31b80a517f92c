package dev.changeling.objective;

import dev.changeling.model.Electra;
import dev.changeling.model.MaskedTokenHead;
import java.util.ArrayList;
import java.util.List;
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

    /** What is done with a block that several heads have predicted; otherwise as {@link Work}. */
    @FunctionalInterface
    interface JointWork {
        /**
         * @param blocks of each head
         * @param first the block's first position
         * @param rows how many positions it has, R
         */
        void with(List<PredictedBlock> blocks, long first, long rows);
    }

    /**
     * Predicts, block by block.
     *
     * @param head whose output layer predicts
     * @param hidden_ME what it reads
     * @param targets_M the tokens whose surprisal is asked for
     */
    static void of(Electra model, MaskedTokenHead head, Tensor hidden_ME, Tensor targets_M, Work work) {
        ofEach(
                model,
                List.of(head),
                List.of(hidden_ME),
                targets_M,
                (blocks, first, rows) -> work.with(blocks.get(0), first, rows));
    }

    /**
     * Has several heads predict the same tokens, block by block.
     *
     * @param heads whose output layers predict
     * @param hidden_ME what each of them reads
     * @param targets_M the tokens whose surprisal is asked for
     */
    static void ofEach(
            Electra model, List<MaskedTokenHead> heads, List<Tensor> hidden_ME, Tensor targets_M, JointWork work) {
        long positions = targets_M.size(0);
        try (NoGradGuard noGrad = new NoGradGuard()) {
            // Blocks of one size: a last one of a few positions would read the whole word table for little.
            long blocks = (positions + SIZE - 1) / SIZE;
            for (long block = 0; block < blocks; block++) {
                long first = block * positions / blocks;
                long rows = (block + 1) * positions / blocks - first;
                try (PointerScope scope = new PointerScope()) {
                    List<PredictedBlock> predicted = new ArrayList<>();
                    for (int k = 0; k < heads.size(); k++) {
                        predicted.add(new PredictedBlock(
                                model,
                                heads.get(k).output(),
                                k == 0 ? "logits" : "logits " + k,
                                SIZE,
                                hidden_ME.get(k).narrow(0, first, rows),
                                targets_M.narrow(0, first, rows)));
                    }
                    work.with(predicted, first, rows);
                }
            }
        }
    }
}
